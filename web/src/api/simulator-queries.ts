import { queryOptions } from '@tanstack/react-query'
import type { SimulatorAnswer } from '../../../src/api/routes/simulator.ts'
import { getJson } from './request.ts'
import { simulatorUrl } from './urls.ts'

const EVERY_MS = 2_000

export const simulatorQuery = () =>
  queryOptions({
    queryKey: ['simulator'],
    queryFn: ({ signal }) => getJson<SimulatorAnswer>(simulatorUrl(), signal),
    refetchInterval: EVERY_MS,
  })
