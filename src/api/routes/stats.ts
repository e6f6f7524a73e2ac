import { FilterSchema } from '../../questions/filter.ts'
import { askTop, TopQuerySchema, TopSchema } from '../../questions/top.ts'
import { askTotals, TotalsSchema } from '../../questions/totals.ts'
import type { Store } from '../../store/store.ts'
import type { App } from '../app.ts'
import { ErrorSchema } from '../error.ts'
import { checkTimes } from '../times.ts'

/** `GET /api/stats/<question>`. */
export function statsRoutes(app: App, { store }: { store: Store }): void {
  app.get(
    '/api/stats/totals',
    {
      schema: {
        summary: 'How much was listened to',
        tags: ['stats'],
        querystring: FilterSchema,
        response: { 200: TotalsSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      checkTimes(request.query)
      return await askTotals(store, request.query)
    },
  )

  app.get(
    '/api/stats/top',
    {
      schema: {
        summary: 'The values of a field with the most listens',
        tags: ['stats'],
        querystring: TopQuerySchema,
        response: { 200: TopSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      checkTimes(request.query)
      return await askTop(store, request.query)
    },
  )
}
