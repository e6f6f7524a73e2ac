import { queryOptions } from '@tanstack/react-query'
import type { SimulatorAnswer } from '../../../src/api/routes/simulator.ts'
import { simulatorUrl } from '../view/urls.ts'
import { getJson } from './request.ts'

const EVERY_MS = 2_000

export const simulatorQuery = () =>
  queryOptions({
    queryKey: ['simulator'],
    queryFn: ({ signal }) => getJson<SimulatorAnswer>(simulatorUrl(), signal),
    refetchInterval: EVERY_MS,
  })
