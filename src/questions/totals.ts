import { type Static, Type } from 'typebox'
import type { Filter } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'

export const TotalsSchema = Type.Object({
  listens: Type.Integer(),
  listeners: Type.Integer({ description: 'Different user_id' }),
  skipped: Type.Integer(),
  completed: Type.Integer(),
  seconds_listened: Type.Number({ description: 'Sum of listen_position' }),
})

export type Totals = Static<typeof TotalsSchema>

/** How much has been listened to, by how many, and how often to the end. Listeners beyond some ten thousand are an estimate. */
export async function askTotals(source: ListenSource, filter: Filter): Promise<Totals> {
  const all = counted(filter, [], undefined, 'who')
  const [sums] = await source.rows<[number, number, number, number, number]>(
    (from) =>
      `SELECT sum(plays), sum(left_early), sum(finished), sum(heard), uniqCombinedMerge(who) FROM ${all.sql(from)}`,
    { params: all.params },
  )
  const [listens = 0, skipped = 0, completed = 0, seconds = 0, listeners = 0] = sums ?? []
  return { listens, listeners, skipped, completed, seconds_listened: seconds }
}
