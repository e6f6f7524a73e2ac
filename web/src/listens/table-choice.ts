import { useState } from 'react'
import { EXTRA_FIELDS, nameOf } from '../../../src/listen/fields.ts'
import { SORTS, type Sort } from '../view/view-state.ts'

export const DENSITIES = ['normal', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

/** How this viewer wants the table: kept in this browser, because a link should not change how others see it. */
export interface TableChoice {
  hidden: readonly Sort[]
  density: Density
}

const KEY = 'playhead-table'
/** Columns that few listens fill are hidden until they are chosen. */
const RARE: readonly Sort[] = EXTRA_FIELDS.map(nameOf)
const DEFAULT: TableChoice = { hidden: RARE, density: 'normal' }

const namesIn = (kept: unknown): readonly unknown[] => (Array.isArray(kept) ? kept : [])

function stored(): TableChoice {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>
    const [hidden, shown] = [namesIn(kept['hidden']), namesIn(kept['shown'])]
    return {
      hidden: SORTS.filter((name) => (RARE.includes(name) ? !shown.includes(name) : hidden.includes(name))),
      density: DENSITIES.find((name) => name === kept['density']) ?? 'normal',
    }
  } catch {
    // Storage may be denied, or hold what another version wrote.
    return DEFAULT
  }
}

export function useTableChoice(): [TableChoice, (change: Partial<TableChoice>) => void] {
  const [choice, setChoice] = useState(stored)
  return [
    choice,
    (change) => {
      const next = { ...choice, ...change }
      setChoice(next)
      try {
        const shown = RARE.filter((name) => !next.hidden.includes(name))
        localStorage.setItem(KEY, JSON.stringify({ ...next, shown }))
      } catch {
        // Storage may be denied: the choice then lasts as long as the page.
      }
    },
  ]
}
