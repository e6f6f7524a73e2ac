import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { top } from '../api/questions.ts'
import { amountLabel, amountOf, showAmount } from '../charts/measure.ts'
import { Toolbar } from '../filters/Toolbar.tsx'
import { completionRate, showRate, skipRate } from '../format/rates.ts'
import { Link } from '../ui/Link.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { pageUrl } from '../view/urls.ts'
import { aboutNothing } from '../view/view-state.ts'
import { useChosen } from './use-chosen.ts'

const LISTED = 100

/** Searchable list of all songs or artists, by plays. */
export function Directory({ by, title }: { by: 'song' | 'artist'; title: string }) {
  const { view, changeView, chosen } = useChosen()
  const { measure } = view
  const [text, setText] = useState('')
  const search = useDebounced(text.trim())
  const asked = useQuery(top(chosen, by, measure, LISTED, search))
  const about = aboutNothing(view)
  const values = asked.data?.values
  return (
    <div className="page-stack">
      <h1 className="page-title">{title}</h1>
      <Toolbar view={view} onChange={changeView} />
      <section className="card plain-card" aria-label={title}>
        <input
          type="search"
          className="form-control directory-search"
          placeholder={`Find ${title.toLowerCase()}`}
          aria-label={`Find ${title.toLowerCase()}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="plain-scroller">
          <table className="figure-table" aria-busy={asked.isPlaceholderData}>
            <thead>
              <tr>
                <th scope="col">{by === 'song' ? 'Song' : 'Artist'}</th>
                {by === 'song' && <th scope="col">Artist</th>}
                <th scope="col" data-align="end">
                  {amountLabel(measure)}
                </th>
                <th scope="col" data-align="end">
                  Completed
                </th>
                <th scope="col" data-align="end">
                  Skipped
                </th>
              </tr>
            </thead>
            <tbody>
              {values?.map((each) => {
                const artist = by === 'song' ? each.label : each.value
                return (
                  <tr key={`${each.value}\n${each.label}`}>
                    <th scope="row">
                      <Link
                        href={pageUrl(by, {
                          ...about,
                          filters: {
                            ...about.filters,
                            ...(by === 'song' ? { title: [each.value] } : {}),
                            artist: [artist],
                          },
                        })}
                      >
                        {each.value}
                      </Link>
                    </th>
                    {by === 'song' && (
                      <td>
                        <Link
                          className="text-reset"
                          href={pageUrl('artist', {
                            ...about,
                            filters: { ...about.filters, artist: [artist] },
                          })}
                        >
                          {artist}
                        </Link>
                      </td>
                    )}
                    <td data-align="end">{showAmount(measure, amountOf(measure, each))}</td>
                    <td data-align="end">{showRate(completionRate(each))}</td>
                    <td data-align="end">{showRate(skipRate(each))}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
          {values?.length === 0 && <p className="frame-blank directory-none">Nothing found in this time.</p>}
          {asked.isError && !values && <p className="frame-blank directory-none">{asked.error.message}</p>}
        </div>
      </section>
    </div>
  )
}
