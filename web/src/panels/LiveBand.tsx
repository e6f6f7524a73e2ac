import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { totalsQuery } from '../api/queries.ts'
import type { Chosen } from '../api/urls.ts'
import { countChosen } from '../filters/filter.ts'
import { formatCount, formatListeningTime, formatShare, pluralise } from '../format/numbers.ts'
import { useThrottled } from '../live/use-throttled.ts'

interface Props {
  view: Chosen
  /** Goes up when listens arrive; undefined while the page stands still. */
  changes: number | undefined
}

const REFRESH_MS = 2_000

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

  const listens = data?.listens ?? 0
  const share = (part: number | undefined) =>
    part === undefined || listens === 0 ? undefined : formatShare(part / listens)
  const filtered = countChosen(view.filters) > 0 || view.range !== undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: these are figures, not form fields
    <div className="totals" role="group" aria-label="Totals" data-stale={isPlaceholderData || undefined}>
      <Figure value={data && formatCount(listens)}>
        {pluralise(listens, 'listen', 'listens')}
        {filtered && ` ${pluralise(listens, 'matches', 'match')}`}
      </Figure>
      <Figure value={data && formatCount(data.listeners)}>
        {pluralise(data?.listeners ?? 0, 'listener', 'listeners')}
      </Figure>
      <Figure value={share(data?.skipped)}>skipped</Figure>
      <Figure value={share(data?.completed)}>completed</Figure>
      <Figure value={data && formatListeningTime(data.seconds_listened)}>listened</Figure>
    </div>
  )
}
