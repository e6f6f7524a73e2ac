import { useQuery } from '@tanstack/react-query'
import { deadLetterQuery } from '../api/dead-letter-queries.ts'
import { formatCount } from '../format/numbers.ts'
import { formatMoment } from '../format/when.ts'
import { DeadLetterActions } from './DeadLetterActions.tsx'
import { reasonName } from './reason-name.ts'

/** A value that is JSON, laid out; as it is where it is none. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** One record that could not be stored, as it was sent, and why. */
export function DeadLetterDetails({ id }: { id: string }) {
  const { data: letter, error, refetch } = useQuery(deadLetterQuery(id))
  if (error && !letter)
    return (
      <div className="details" role="alert">
        <p>{error.message}</p>
        <button type="button" className="btn btn-sm" onClick={() => void refetch()}>
          Try again
        </button>
      </div>
    )
  if (!letter)
    return <div className="details frame-loading" role="status" aria-label="Loading the dead letter" />
  const { record } = letter
  return (
    <div className="details">
      <p className="dead-letter-why">
        <strong>{reasonName(letter.reason)}.</strong> {letter.message}
      </p>
      <dl className="details-list">
        <div className="detail">
          <dt>Refused</dt>
          <dd>{formatMoment(Date.parse(letter.failed_at) / 1000)}</dd>
        </div>
        <div className="detail">
          <dt>Field</dt>
          <dd>{letter.field ?? '–'}</dd>
        </div>
        <div className="detail">
          <dt>Kafka partition</dt>
          <dd>{letter.partition}</dd>
        </div>
        <div className="detail">
          <dt>Kafka offset</dt>
          <dd>{formatCount(letter.offset)}</dd>
        </div>
      </dl>
      <DeadLetterActions letter={letter} />
      <h3 className="details-part">Original record</h3>
      {record === null ? (
        <p>The topic no longer has it.</p>
      ) : (
        <pre className="dead-letter-value">
          {record.text !== null ? laidOut(record.text) : `base64: ${record.base64 ?? '(no value)'}`}
        </pre>
      )}
    </div>
  )
}
