import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import { type Filter, whereOf } from './filter.ts'

export const TotalsSchema = Type.Object({
  listens: Type.Integer(),
  listeners: Type.Integer({ description: 'Different user_id' }),
  skipped: Type.Integer(),
  completed: Type.Integer(),
  seconds_listened: Type.Number({ description: 'Sum of listen_position' }),
})

export type Totals = Static<typeof TotalsSchema>

/** How much has been listened to, by how many, and how often to the end. */
export async function askTotals(store: Store, filter: Filter): Promise<Totals> {
  const { sql, params } = whereOf(filter)
  const [row] = await store.rows<[number, number, number, number, number]>(
    `SELECT count(), uniq(user_id), countIf(is_skipped), countIf(completed), sum(listen_position)
     FROM listens WHERE ${sql}`,
    { params },
  )
  const [listens = 0, listeners = 0, skipped = 0, completed = 0, seconds = 0] = row ?? []
  return { listens, listeners, skipped, completed, seconds_listened: seconds }
}
