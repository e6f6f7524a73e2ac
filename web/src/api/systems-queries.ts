import { queryOptions } from '@tanstack/react-query'
import type { SystemsAnswer } from '../../../src/api/routes/systems.ts'
import { systemsUrl } from '../view/urls.ts'
import { getJson } from './request.ts'

const EVERY_MS = 2_000

export const systemsQuery = () =>
  queryOptions({
    queryKey: ['systems'],
    queryFn: ({ signal }) => getJson<SystemsAnswer>(systemsUrl(), signal),
    refetchInterval: EVERY_MS,
  })
