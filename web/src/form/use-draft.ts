import { useState } from 'react'
import { checkDraft, type Draft, type DraftErrors, type DraftField, EMPTY_DRAFT } from './draft.ts'

/** A draft under way: checked as it is typed, but a field is told off only once it was used. */
export function useDraft() {
  const [draft, setDraft] = useState(EMPTY_DRAFT)
  const [used, setUsed] = useState<ReadonlySet<DraftField>>(new Set())
  const [refused, setRefused] = useState<DraftErrors>({})
  const errors = checkDraft(draft)

  function touch(...fields: DraftField[]): void {
    setUsed((before) => new Set([...before, ...fields]))
  }

  return {
    draft,
    errors,
    /** What to say at a field now. */
    errorAt: (field: DraftField) => refused[field] ?? (used.has(field) ? errors[field] : undefined),
    change(change: Partial<Draft>) {
      setDraft((before) => ({ ...before, ...change }))
      const fields = Object.keys(change) as DraftField[]
      touch(...fields)
      setRefused((before) => {
        const rest = { ...before }
        for (const field of fields) delete rest[field]
        return rest
      })
    },
    touch,
    touchAll: () => touch(...(Object.keys(EMPTY_DRAFT) as DraftField[])),
    /** The server refused this field. */
    refuse: (field: DraftField, message: string) => setRefused({ [field]: message }),
  }
}

export type DraftState = ReturnType<typeof useDraft>
