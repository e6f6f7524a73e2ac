import { useState } from 'react'
import type { StoredListen } from '../../../src/listen/stored.ts'
import type { NewListen } from '../api/answers.ts'
import { type Filters, matches } from '../filters/filter.ts'
import { toFilterable } from '../form/draft.ts'

interface Added {
  id: string
  listen: NewListen
}

/** The listen that this viewer added last, and where the table has it. */
export function useAdded(rows: readonly StoredListen[], filters: Filters, moving: boolean) {
  const [added, setAdded] = useState<Added>()
  function where() {
    if (!added || rows.some((row) => row.id === added.id)) return 'shown'
    if (!matches(filters, toFilterable(added.listen))) return 'filtered'
    return moving ? 'coming' : 'held'
  }
  return {
    added,
    where: where(),
    onAdded: (id: string, listen: NewListen) => setAdded({ id, listen }),
  } as const
}
