import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { totalsQuery } from '../api/queries.ts'
import { now } from '../api/questions.ts'
import { formatCount, formatMinutes, pluralise } from '../format/numbers.ts'
import { showRate, skipRate } from '../format/rates.ts'
import { countChosen } from '../view/filter.ts'
import type { Chosen } from '../view/urls.ts'
import { useThrottled } from './use-throttled.ts'

interface Props {
  view: Chosen
  /** Goes up when listens arrive; undefined while the page stands still. */
  changes: number | undefined
}

const REFRESH_MS = 2_000
// What happens now is about everything, whatever the table below shows.
const EVERYTHING = { filters: {}, range: undefined, zone: undefined }

function Figure({ value, children }: { value: string | undefined; children: ReactNode }) {
  return (
    <p className="figure">
      <strong>{value ?? '–'}</strong> <span>{children}</span>
    </p>
  )
}

/** How much is listened to right now, and how many listens match. */
export function LiveBand({ view, changes }: Props) {
  const { data, isPlaceholderData, refetch } = useQuery(totalsQuery(view))
  useThrottled(changes, REFRESH_MS, () => void refetch())

  const moment = useQuery(now(EVERYTHING))
  const listens = data?.listens ?? 0
  const at = moment.data
  const filtered = countChosen(view.filters) > 0 || view.range !== undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: these are figures, not form fields
    <div className="totals" role="group" aria-label="Totals" data-stale={isPlaceholderData || undefined}>
      <Figure value={data && formatCount(listens)}>
        {pluralise(listens, 'listen', 'listens')}
        {filtered && ` ${pluralise(listens, 'matches', 'match')}`}
      </Figure>
      <Figure value={at ? formatCount(at.events_per_minute) : undefined}>events/min</Figure>
      <Figure value={at ? formatCount(at.listeners) : undefined}>
        {pluralise(at?.listeners ?? 0, 'listener', 'listeners')} now
      </Figure>
      <Figure
        value={
          at
            ? showRate(skipRate({ listens: at.listens_last_hour, skipped: at.skipped_last_hour }))
            : undefined
        }
      >
        skipped this hour
      </Figure>
      <Figure value={at ? formatMinutes(at.seconds_today) : undefined}>minutes today</Figure>
    </div>
  )
}
