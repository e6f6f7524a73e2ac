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
      const response = await fetch(readinessUrl(), { signal }).catch((error) => {
        if (signal.aborted) throw error
        return null
      })
      // Not ready is an answer like any other: it says what is wrong.
      if (response === null || ![200, 503].includes(response.status)) return null
      try {
        return (await response.json()) as Readiness
      } catch {
        throw new RequestError('Something other than Playhead answered.', 'unexpected', response.status)
      }
    },
    refetchInterval: EVERY_MS,
  })
