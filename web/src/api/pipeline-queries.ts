import { queryOptions } from '@tanstack/react-query'
import { pipelineUrl } from '../view/urls.ts'
import type { PipelineState } from './answers.ts'
import { getJson } from './request.ts'

const EVERY_MS = 2_000

export const pipelineQuery = () =>
  queryOptions({
    queryKey: ['pipeline'],
    queryFn: ({ signal }) => getJson<PipelineState>(pipelineUrl(), signal),
    refetchInterval: EVERY_MS,
  })
