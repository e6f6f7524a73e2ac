import { askDropOff } from '../src/questions/drop-off.ts'
import type { Filter } from '../src/questions/filter.ts'
import { askHours } from '../src/questions/hours.ts'
import type { ListenSource } from '../src/questions/listen-source.ts'
import { askListens } from '../src/questions/listens.ts'
import { askMoodGenre } from '../src/questions/mood-genre.ts'
import { askNow } from '../src/questions/now.ts'
import { askOverTime } from '../src/questions/over-time.ts'
import { askRatings } from '../src/questions/ratings.ts'
import { askTop, type TopQuery } from '../src/questions/top.ts'
import { askTotals } from '../src/questions/totals.ts'

/** One request of a page. */
export interface Panel {
  name: string
  ask(listens: ListenSource): Promise<unknown>
}

const DAY_MS = 86_400_000

/** Every request that the pages Live and Insights send when they open, with their default range. */
export function defaultPanels(now: number): Panel[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const iso = (at: number) => new Date(at).toISOString()
  const week: Filter = { from: iso(today - 6 * DAY_MS) }
  const before: Filter = { from: iso(today - 13 * DAY_MS), to: iso(now - 7 * DAY_MS) }
  const zone = 'Europe/Berlin'
  const top = (by: TopQuery['by'], limit: number): Panel => ({
    name: `top ${limit} by ${by}`,
    ask: (listens) => askTop(listens, { ...week, by, order_by: 'plays', limit }),
  })
  return [
    { name: 'live: the newest listens', ask: (listens) => askListens(listens, { limit: 100 }) },
    { name: 'live: totals', ask: (listens) => askTotals(listens, {}) },
    { name: 'live: now', ask: (listens) => askNow(listens, { zone }) },
    { name: 'totals', ask: (listens) => askTotals(listens, week) },
    { name: 'totals, week before', ask: (listens) => askTotals(listens, before) },
    { name: 'over time', ask: (listens) => askOverTime(listens, { ...week, zone }) },
    { name: 'over time, week before', ask: (listens) => askOverTime(listens, { ...before, zone }) },
    top('song', 8),
    top('artist', 8),
    top('genre', 8),
    top('platform', 8),
    top('mood', 8),
    top('platform', 10),
    top('country', 11),
    top('country', 300),
    top('city', 8),
    top('user', 8),
    { name: 'drop-off', ask: (listens) => askDropOff(listens, week) },
    { name: 'hours of the week', ask: (listens) => askHours(listens, { ...week, zone }) },
    { name: 'ratings', ask: (listens) => askRatings(listens, week) },
    { name: 'mood and genre', ask: (listens) => askMoodGenre(listens, week) },
  ]
}
