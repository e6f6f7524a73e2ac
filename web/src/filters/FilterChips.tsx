import type { View } from '../api/view-state.ts'
import { Icon } from '../panels/Icon.tsx'
import { FILTER_NAME, type FilterKey, withValue } from './filter.ts'
import { rangeName } from './range-names.ts'

interface Props {
  view: View
  onChange(change: Partial<View>): void
}

/** The filters that have no control of their own, because a click somewhere on the page chose them. */
const CLICKED: readonly FilterKey[] = ['title', 'city', 'user']

function Chip({ text, onClear }: { text: string; onClear(): void }) {
  return (
    <li className="filter-chip">
      <span className="clipped">{text}</span>
      <button type="button" className="filter-chip-clear" aria-label={`Clear ${text}`} onClick={onClear}>
        <Icon name="close" size={14} />
      </button>
    </li>
  )
}

/** What else decides what is shown, each with a way to drop it. */
export function FilterChips({ view, onChange }: Props) {
  const chosen = CLICKED.flatMap((key) => (view.filters[key] ?? []).map((value) => ({ key, value })))
  if (chosen.length === 0 && view.range === undefined) return null
  return (
    <ul className="filter-chips" aria-label="Also chosen">
      {view.range !== undefined && (
        <Chip text={rangeName(view.range, view.zone)} onClear={() => onChange({ range: undefined })} />
      )}
      {chosen.map(({ key, value }) => (
        <Chip
          key={`${key} ${value}`}
          text={`${FILTER_NAME[key]}: ${value}`}
          onClear={() => onChange({ filters: withValue(view.filters, key, value) })}
        />
      ))}
    </ul>
  )
}
