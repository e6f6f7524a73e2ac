import { useState } from 'react'
import { matchOf } from '../../../src/listen/match.ts'
import type { StoredListen } from '../../../src/listen/stored.ts'
import type { NewListen } from '../api/answers.ts'
import { toFilterable } from '../form/draft.ts'
import { listenFilter } from '../view/filter.ts'
import { momentsOf } from '../view/range.ts'
import type { Chosen } from '../view/urls.ts'
import { ownZone } from '../view/zone.ts'

interface Added {
  id: string
  listen: NewListen
}

function isChosen({ filters, range, zone = ownZone() }: Chosen, listen: NewListen): boolean {
  const now = Date.now()
  const { from = now, to = Number.POSITIVE_INFINITY } = range === undefined ? {} : momentsOf(range, zone, now)
  return from <= now && now < to && matchOf(listenFilter(filters, zone))(toFilterable(listen))
}

/** The listen that this viewer added last, and where the table has it. */
export function useAdded(rows: readonly StoredListen[], view: Chosen, moving: boolean) {
  const [added, setAdded] = useState<Added>()
  function where() {
    if (!added || rows.some((row) => row.id === added.id)) return 'shown'
    if (!isChosen(view, added.listen)) return 'filtered'
    return moving ? 'coming' : 'held'
  }
  return {
    added,
    where: where(),
    onAdded: (id: string, listen: NewListen) => setAdded({ id, listen }),
  } as const
}
