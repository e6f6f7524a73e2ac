import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { DropOff } from '../../../src/questions/drop-off.ts'
import type { Hours } from '../../../src/questions/hours.ts'
import type { MoodGenre } from '../../../src/questions/mood-genre.ts'
import type { Now } from '../../../src/questions/now.ts'
import type { OverTime } from '../../../src/questions/over-time.ts'
import type { Ratings } from '../../../src/questions/ratings.ts'
import type { Top, TopQuery } from '../../../src/questions/top.ts'
import type { Totals } from '../../../src/questions/totals.ts'
import { type Chosen, type Question, questionUrl } from '../view/urls.ts'
import type { Measure, Stack } from '../view/view-state.ts'
import { ownZone } from '../view/zone.ts'
import { getJson } from './request.ts'

/**
 * Background refresh after this time, or after a multiple of the answer's duration, to spare a slow
 * store.
 */
const EVERY_MS = 4_000
const REST = 8

interface Asked {
  chosen: Chosen
  more?: Readonly<Record<string, string>>
  before?: boolean
}

function question<Answer>(name: Question, { chosen, more = {}, before = false }: Asked) {
  let took = 0
  return queryOptions({
    queryKey: ['question', name, chosen.filters, chosen.range, chosen.zone, more, before],
    queryFn: async ({ signal }): Promise<Answer | null> => {
      const url = questionUrl(name, chosen, more, before)
      if (url === null) return null
      const started = performance.now()
      const answer = await getJson<Answer>(url, signal)
      took = performance.now() - started
      return answer
    },
    placeholderData: keepPreviousData,
    refetchInterval: () => Math.max(EVERY_MS, REST * took),
    staleTime: EVERY_MS / 2,
  })
}

const zoneOf = ({ zone }: Chosen) => ({ zone: zone ?? ownZone() })

export const totals = (chosen: Chosen, before = false) => question<Totals>('totals', { chosen, before })

export const overTime = (chosen: Chosen, stack: Stack = 'none') =>
  question<OverTime>('over-time', {
    chosen,
    more: { ...zoneOf(chosen), ...(stack === 'none' ? {} : { by: stack }) },
  })

/** The period before, in the unit of the compared period; it may be an hour longer or shorter. */
export const overTimeBefore = (chosen: Chosen, unit: OverTime['unit'] = 'day') =>
  question<OverTime>('over-time', { chosen, before: true, more: { ...zoneOf(chosen), unit } })

export const top = (chosen: Chosen, by: TopQuery['by'], measure: Measure, limit: number, search = '') =>
  question<Top>('top', {
    chosen,
    more: { by, order_by: measure, limit: String(limit), ...(search === '' ? {} : { search }) },
  })

export const dropOff = (chosen: Chosen) => question<DropOff>('drop-off', { chosen })

export const hours = (chosen: Chosen) => question<Hours>('hours', { chosen, more: zoneOf(chosen) })

export const moodGenre = (chosen: Chosen) => question<MoodGenre>('mood-genre', { chosen })

export const ratings = (chosen: Chosen) => question<Ratings>('ratings', { chosen })

export const now = (chosen: Chosen) => question<Now>('now', { chosen, more: zoneOf(chosen) })
