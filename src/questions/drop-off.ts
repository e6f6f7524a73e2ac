import { type Static, Type } from 'typebox'
import type { Filter } from './filter.ts'
import type { ListenSource } from './listen-source.ts'
import { counted } from './rollup.ts'

export const DropOffSchema = Type.Object({
  listens: Type.Integer(),
  shares: Type.Array(Type.Number(), {
    description:
      'At each whole percent of the track from 0 to 100: the share that got at least so far, 0 to 1',
  }),
})

export type DropOff = Static<typeof DropOffSchema>

const PERCENTS = 101

/** Which share of the plays got at least to each percent of the track. */
export async function askDropOff(source: ListenSource, filter: Filter): Promise<DropOff> {
  const { sql, params } = counted(filter, ['percent'])
  const rows = await source.rows<[number, number]>(
    (from) => `SELECT toUInt8(least(100, percent)) AS whole, sum(plays) FROM ${sql(from)} GROUP BY whole`,
    { params },
  )
  const left = new Map(rows)
  const listens = rows.reduce((sum, [, count]) => sum + count, 0)
  let still = listens
  const shares = Array.from({ length: PERCENTS }, (_, percent) => {
    const share = listens === 0 ? 0 : still / listens
    still -= left.get(percent) ?? 0
    return share
  })
  return { listens, shares }
}
