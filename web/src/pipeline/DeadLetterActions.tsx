import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Done, Selection } from '../../../src/api/dead-letter-actions.ts'
import { isSettable, typedValue } from '../../../src/listen/typed-value.ts'
import type { DeadLetter } from '../../../src/questions/dead-letters.ts'
import { postJson } from '../api/request.ts'
import { formatMoment } from '../format/when.ts'
import { Field } from '../ui/Field.tsx'
import { deadLetterActionUrl } from '../view/urls.ts'

const STATUS = {
  waiting: 'No action yet.',
  redriven: 'A copy was redriven and is not stored yet.',
  stored: 'A redriven copy is stored.',
  failed_again: 'A redriven copy failed again.',
  dropped: 'Dropped.',
} as const

/** Redrives one dead letter, fixed if needed, or drops it, and shows the result. */
export function DeadLetterActions({ letter }: { letter: DeadLetter }) {
  const queryClient = useQueryClient()
  const [value, setValue] = useState('')
  const act = useMutation({
    mutationFn: ({ action, ...selection }: Selection & { action: 'redrive' | 'drop' }) =>
      postJson<Done>(deadLetterActionUrl(action), { ids: [letter.id], ...selection }),
    onSettled: () =>
      void queryClient.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'dead letters' || queryKey[0] === 'dead letter',
      }),
  })
  const field = letter.field !== null && isSettable(letter.field) ? letter.field : null
  const refused = act.error?.message ?? act.data?.skipped[0]?.message

  function sendBack(event: FormEvent): void {
    event.preventDefault()
    if (act.isPending) return
    // A value of another type is sent as it is, so that the answer says what is wrong with it.
    const typed = field === null ? undefined : typedValue(field, value)
    const fix =
      field !== null && value !== '' ? { set: { [field]: typed === undefined ? value : typed } } : {}
    act.mutate({ action: 'redrive', ...fix })
  }

  return (
    <form className="dead-letter-actions" onSubmit={sendBack}>
      <p role="status">
        {STATUS[letter.status]}
        {letter.acted_at !== null && ` ${formatMoment(Date.parse(letter.acted_at) / 1000)}`}
      </p>
      {letter.status !== 'stored' && (
        <>
          {field !== null && (
            <Field label={`New value of ${field}`} error={undefined}>
              {(control) => (
                <input
                  {...control}
                  type="text"
                  className="form-control"
                  autoComplete="off"
                  value={value}
                  onChange={(event) => setValue(event.target.value)}
                />
              )}
            </Field>
          )}
          <div className="dead-letter-buttons">
            <button type="submit" className="btn btn-primary" aria-disabled={act.isPending}>
              {value === '' ? 'Redrive' : 'Fix and redrive'}
            </button>
            <button
              type="button"
              className="btn"
              aria-disabled={act.isPending || letter.status === 'dropped'}
              onClick={() => letter.status !== 'dropped' && act.mutate({ action: 'drop' })}
            >
              Drop
            </button>
          </div>
        </>
      )}
      {refused !== undefined && <p role="alert">Not done: {refused}</p>}
    </form>
  )
}
