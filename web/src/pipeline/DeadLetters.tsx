import { useState } from 'react'
import { formatCount } from '../format/numbers.ts'
import { formatMoment } from '../format/when.ts'
import { SidePanel } from '../ui/SidePanel.tsx'
import { DeadLetterDetails } from './DeadLetterDetails.tsx'
import { reasonName } from './reason-name.ts'
import type { DeadLettersState } from './use-dead-letters.ts'

/** What could not be stored: by reason, each to be looked at. */
export function DeadLetters({ letters }: { letters: DeadLettersState }) {
  const { query, reason, reasons, setReason } = letters
  const [opened, setOpened] = useState<string>()
  return (
    <section id="dead-letters" className="card plain-card dead-letters" aria-labelledby="dead-letters-title">
      <h2 id="dead-letters-title" className="frame-title">
        Dead letters
      </h2>
      <p className="plain-note">Records that could not be stored, kept unchanged with the reason.</p>
      {reasons && reasons.length > 0 && (
        <fieldset className="reason-chips">
          <legend className="visually-hidden">Reason</legend>
          <button
            type="button"
            className="reason-chip"
            aria-pressed={reason === undefined}
            onClick={() => setReason(undefined)}
          >
            All <span>{formatCount(letters.total ?? 0)}</span>
          </button>
          {reasons.map((each) => (
            <button
              key={each.reason}
              type="button"
              className="reason-chip"
              aria-pressed={reason === each.reason}
              onClick={() => setReason(each.reason)}
            >
              {reasonName(each.reason)} <span>{formatCount(each.count)}</span>
            </button>
          ))}
        </fieldset>
      )}
      {letters.letters && letters.letters.length > 0 && (
        <section
          className="plain-scroller dead-letter-rows"
          aria-label="Dead letters, as a table"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
          tabIndex={0}
        >
          <table className="figure-table">
            <thead>
              <tr>
                <th scope="col">Refused</th>
                <th scope="col">Reason</th>
                <th scope="col">Field</th>
                <th scope="col">What was wrong</th>
                <th scope="col" data-align="end">
                  Partition
                </th>
                <th scope="col" data-align="end">
                  Offset
                </th>
                <th scope="col" data-align="end">
                  Size (bytes)
                </th>
              </tr>
            </thead>
            <tbody>
              {letters.letters.map((letter) => (
                <tr key={letter.id}>
                  <th scope="row">
                    <button type="button" className="figure-pick" onClick={() => setOpened(letter.id)}>
                      {formatMoment(Date.parse(letter.failed_at) / 1000)}
                    </button>
                  </th>
                  <td>{reasonName(letter.reason)}</td>
                  <td>{letter.field ?? '–'}</td>
                  <td className="dead-letter-message">{letter.message}</td>
                  <td data-align="end">{letter.partition}</td>
                  <td data-align="end">{formatCount(letter.offset)}</td>
                  <td data-align="end">{formatCount(letter.value_bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {letters.letters?.length === 0 && (
        <p className="frame-blank dead-letters-none">No dead letters: every record could be stored.</p>
      )}
      {query.isError && !letters.letters && (
        <div className="frame-blank" role="alert">
          <p>{query.error.message}</p>
          <button type="button" className="btn btn-sm" onClick={() => void query.refetch()}>
            Try again
          </button>
        </div>
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn btn-sm"
          aria-disabled={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Older ones
        </button>
      )}
      <SidePanel title="Dead letter" open={opened !== undefined} onClose={() => setOpened(undefined)}>
        {opened !== undefined && <DeadLetterDetails key={opened} id={opened} />}
      </SidePanel>
    </section>
  )
}
