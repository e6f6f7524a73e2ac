import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { catalogueQuery } from '../api/queries.ts'
import { formatCount, pluralise } from '../format/numbers.ts'
import { Link } from '../ui/Link.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { pageUrl } from '../view/urls.ts'
import { parseView } from '../view/view-state.ts'

const LISTED = 100

/** Search in the songs of the catalogue. */
export function Catalogue() {
  const [text, setText] = useState('')
  const asked = useQuery(catalogueQuery(useDebounced(text.trim()), LISTED))
  const songs = asked.data?.songs
  const total = asked.data?.total_songs ?? 0
  return (
    <section className="card plain-card" aria-labelledby="catalogue-title">
      <h2 id="catalogue-title" className="frame-title">
        Catalogue
      </h2>
      <p className="plain-note">
        {formatCount(total)} {pluralise(total, 'song', 'songs')}. A song that is played and was not known is
        added by itself.
      </p>
      <input
        type="search"
        className="form-control catalogue-search"
        placeholder="Find a title or an artist"
        aria-label="Find a song"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="plain-scroller catalogue-rows" aria-label="Songs" tabIndex={0}>
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">Title</th>
              <th scope="col">Artist</th>
              <th scope="col">Genre</th>
            </tr>
          </thead>
          <tbody>
            {songs?.map(({ title, artist, genre }) => (
              <tr key={`${title}\n${artist}`}>
                <th scope="row">
                  <Link
                    href={pageUrl('song', {
                      ...parseView(''),
                      filters: { title: [title], artist: [artist] },
                    })}
                  >
                    {title}
                  </Link>
                </th>
                <td>{artist}</td>
                <td>{genre}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {songs?.length === 0 && <p className="frame-blank">No song matches.</p>}
        {asked.isError && !songs && <p className="frame-blank">{asked.error.message}</p>}
      </section>
    </section>
  )
}
