import { formatExactShare, formatShare } from './numbers.ts'

interface Plays {
  listens: number
  completed: number
  skipped: number
}

const share = (part: number, whole: number) => (whole === 0 ? null : part / whole)

/** Share of plays that the listener skipped, 0 to 1; null without plays. */
export const skipRate = ({ skipped, listens }: Pick<Plays, 'skipped' | 'listens'>) => share(skipped, listens)

/** Share of completed plays, 0 to 1; null without plays. */
export const completionRate = ({ completed, listens }: Pick<Plays, 'completed' | 'listens'>) =>
  share(completed, listens)

/** A rate in whole percent. */
export const showRate = (rate: number | null) => (rate === null ? '–' : formatShare(rate))

/** A rate with a decimal, where small differences count. */
export const showExactRate = (rate: number | null) => (rate === null ? '–' : formatExactShare(rate))
