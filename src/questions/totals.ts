import { type Static, Type } from 'typebox'
import type { Store } from '../store/store.ts'
import { type Filter, whereOf } from './filter.ts'
import { counted } from './rollup.ts'

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
  const all = counted(filter, [])
  // Different ones cannot be summed, so they are counted in the rows.
  const rows = whereOf(filter)
  const [[sums], [different]] = await Promise.all([
    store.rows<[number, number, number, number]>(
      `SELECT sum(plays), sum(left_early), sum(finished), sum(heard) FROM ${all.sql}`,
      { params: all.params },
    ),
    store.rows<[number]>(`SELECT uniq(user_id) FROM listens WHERE ${rows.sql}`, { params: rows.params }),
  ])
  const [listens = 0, skipped = 0, completed = 0, seconds = 0] = sums ?? []
  const [listeners = 0] = different ?? []
  return { listens, listeners, skipped, completed, seconds_listened: seconds }
}
