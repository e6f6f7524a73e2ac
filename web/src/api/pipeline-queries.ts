import { queryOptions } from '@tanstack/react-query'
import type { PipelineState, Readiness } from './answers.ts'
import { getJson, RequestError } from './request.ts'
import { pipelineUrl, readinessUrl } from './urls.ts'

const EVERY_MS = 2_000

export const pipelineQuery = () =>
  queryOptions({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => getJson<PipelineState>(pipelineUrl(), signal),
    refetchInterval: EVERY_MS,
  })

/** How Playhead is; null where it does not answer at all. */
export const readinessQuery = () =>
  queryOptions({
    queryKey: ['readiness'],
    queryFn: async ({ signal }): Promise<Readiness | null> => {
      try {
        // Not ready is an answer like any other: it says what is wrong.
        return await getJson<Readiness>(readinessUrl(), signal, [503])
      } catch (error) {
        if (error instanceof RequestError) return null
        throw error
      }
    },
    refetchInterval: EVERY_MS,
    retry: false,
  })
