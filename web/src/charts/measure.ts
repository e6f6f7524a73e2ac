import { formatCompact, formatCount, formatHours } from '../format/numbers.ts'
import type { Measure } from '../view/view-state.ts'

/** Every count of listens has these: the number of plays and the time played. */
export interface Heard {
  listens: number
  seconds_listened: number
}

/** The amount that the page counts: plays or hours. */
export const amountOf = (measure: Measure, { listens, seconds_listened }: Heard) =>
  measure === 'plays' ? listens : seconds_listened / 3600

export const showAmount = (measure: Measure, amount: number) =>
  measure === 'plays' ? formatCount(amount) : formatHours(amount)

/** Short form for axes; includes the unit unless it is plays. */
export const showAxis = (measure: Measure) => (amount: number) =>
  measure === 'plays' ? formatCompact(amount) : `${formatCompact(amount)} h`

/** The heading of a column of amounts. */
export const amountLabel = (measure: Measure) => (measure === 'plays' ? 'Plays' : 'Listening time (hours)')
