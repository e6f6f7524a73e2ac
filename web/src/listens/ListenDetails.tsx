import type { ReactNode } from 'react'
import { readerOf, VALUES_FIELDS } from '../../../src/listen/fields.ts'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { Listened } from '../cells/Listened.tsx'
import { Stars } from '../cells/Stars.tsx'
import { formatLength } from '../format/length.ts'
import { formatCount } from '../format/numbers.ts'
import { formatFullWhen } from '../format/when.ts'
import { Icon } from '../ui/Icon.tsx'
import { Link } from '../ui/Link.tsx'
import type { FilterKey } from '../view/filter.ts'
import { pageUrl } from '../view/urls.ts'
import { aboutNothing, type View } from '../view/view-state.ts'

interface Props {
  listen: StoredListen
  view: View
  onFilter(key: FilterKey, value: string): void
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="detail">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Texts besides those in the heading. */
const LISTED = VALUES_FIELDS.filter(({ path }) => path !== 'title' && path !== 'artist')

/** How long a listen was under way until it was stored. */
function delay({ timestamp, stored_at }: StoredListen): string {
  const seconds = Math.max(0, stored_at - timestamp)
  return seconds < 60 ? `${formatCount(Math.round(seconds))} s` : formatLength(seconds)
}

/** Everything that is known of one listen, what it leads to, and where in Kafka it came from. */
export function ListenDetails({ listen, view, onFilter }: Props) {
  const about = aboutNothing(view)
  const filtered = (name: string, key: FilterKey, value: string) => (
    <Detail key={key} name={name}>
      <button
        type="button"
        className="detail-filter"
        title={`Only listens with ${name.toLowerCase()} ${value}`}
        onClick={() => onFilter(key, value)}
      >
        {value}
        <Icon name="filter" size={14} />
      </button>
    </Detail>
  )
  const song = { artist: [listen.artist], title: [listen.title] }
  return (
    <div className="details">
      <div className="details-heading">
        <Link className="details-title" href={pageUrl('song', { ...about, filters: song })}>
          {listen.title}
        </Link>
        <Link href={pageUrl('artist', { ...about, filters: { artist: [listen.artist] } })}>
          {listen.artist}
        </Link>
      </div>
      <div className="details-heard">
        <Listened percent={listen.percent_listened} completed={listen.completed} />
        <span className="text-secondary">
          {formatLength(listen.listen_position)} of {formatLength(listen.duration_seconds)} ·{' '}
          {listen.completed ? 'completed' : listen.is_skipped ? 'skipped' : 'left'}
        </span>
        <Stars rating={listen.rating} />
      </div>
      <dl className="details-list">
        <Detail name="Played">{formatFullWhen(listen.timestamp)}</Detail>
        {filtered('Listener', 'user', listen.name)}
        {listen.email !== '' && <Detail name="E-mail">{listen.email}</Detail>}
        {LISTED.map((field) => {
          const value = String(readerOf(field)(listen))
          return value !== '' && filtered(field.label, field.filter.name, value)
        })}
      </dl>
      <h3 className="details-part">Where it came from</h3>
      <dl className="details-list">
        <Detail name="Kafka partition">{listen.partition}</Detail>
        <Detail name="Kafka offset">{formatCount(listen.offset)}</Detail>
        <Detail name="Stored">{formatFullWhen(listen.stored_at)}</Detail>
        <Detail name="After the play">{delay(listen)}</Detail>
        <Detail name="Id">
          <code>{listen.id}</code>
        </Detail>
        <Detail name="Listener id">
          <code>{listen.user_id}</code>
        </Detail>
        <Detail name="Track id">
          <code>{listen.track_id}</code>
        </Detail>
      </dl>
    </div>
  )
}
