import { queryOptions } from '@tanstack/react-query'
import type { PipelineState } from './answers.ts'
import { getJson } from './request.ts'
import { pipelineUrl } from './urls.ts'

const EVERY_MS = 2_000

export const pipelineQuery = () =>
  queryOptions({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => getJson<PipelineState>(pipelineUrl(), signal),
    refetchInterval: EVERY_MS,
  })
