import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Done, Selection } from '../../../src/api/dead-letter-actions.ts'
import type { DeadLetter } from '../../../src/questions/dead-letters.ts'
import { postJson } from '../api/request.ts'
import { formatMoment } from '../format/when.ts'
import { Field } from '../ui/Field.tsx'
import { deadLetterActionUrl } from '../view/urls.ts'

const NUMBERS = ['timestamp', 'duration_seconds', 'listen_position', 'rating']
const ANSWERS = ['completed', 'is_skipped']

const STATUS = {
  waiting: 'No action yet.',
  redriven: 'A copy was redriven and is not stored yet.',
  stored: 'A redriven copy is stored.',
  failed_again: 'A redriven copy failed again.',
  dropped: 'Dropped.',
} as const

/** What a person typed for a field, as the field's type; left as it is where it is not of that type. */
function typed(field: string, text: string): string | number | boolean {
  if (NUMBERS.includes(field) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (ANSWERS.includes(field) && ['true', 'false'].includes(text.trim())) return text.trim() === 'true'
  return text
}

/** Sends one dead letter back, mended if need be, or drops it; says what became of it. */
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
  const refused = act.error?.message ?? act.data?.skipped[0]?.message

  function sendBack(event: FormEvent): void {
    event.preventDefault()
    if (act.isPending) return
    const fix =
      letter.field !== null && value !== '' ? { set: { [letter.field]: typed(letter.field, value) } } : {}
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
          {letter.field !== null && (
            <Field label={`New value of ${letter.field}`} error={undefined}>
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
