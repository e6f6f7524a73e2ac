import type { StoredListen } from '../../../src/listen/stored.ts'
import { Listened } from '../cells/Listened.tsx'
import { Stars } from '../cells/Stars.tsx'
import { When } from '../cells/When.tsx'
import { formatLength } from '../format/length.ts'

/** All of a listen where there is no room for columns: four lines, always. */
export function ListenCard({ listen }: { listen: StoredListen }) {
  const { city, country } = listen.location
  return (
    <>
      <div className="card-line">
        <button type="button" className="clipped card-heading row-open">
          {listen.title}
        </button>
        <span className="card-when">
          <When timestamp={listen.timestamp} />
        </span>
      </div>
      <div className="card-line">
        <span className="clipped">
          {listen.artist} <span className="text-secondary">· {listen.genre}</span>
        </span>
        <Stars rating={listen.rating} />
      </div>
      <div className="card-line text-secondary">
        <span className="clipped">
          {listen.name} · {city}, {country} · {listen.platform} · {listen.mood}
        </span>
      </div>
      <div className="card-line">
        <Listened percent={listen.percent_listened} completed={listen.completed} />
        <span className="card-position text-secondary">
          {formatLength(listen.listen_position)} of {formatLength(listen.duration_seconds)}
        </span>
        <span className="card-outcome">
          {listen.completed && <span className="yes yes-good">Completed</span>}
          {listen.is_skipped && <span className="yes yes-bad">Skipped</span>}
        </span>
      </div>
    </>
  )
}
