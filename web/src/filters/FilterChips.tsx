import { useQuery } from '@tanstack/react-query'
import { topQuery } from '../api/queries.ts'
import { formatShare } from '../format/numbers.ts'
import { formatHourOfDay, formatWeekday } from '../format/week.ts'
import { Icon } from '../ui/Icon.tsx'
import {
  FILTER_KEYS,
  FILTER_NAME,
  type FilterKey,
  type Filters,
  IN_BAR,
  withChosen,
  withValue,
} from '../view/filter.ts'
import type { View } from '../view/view-state.ts'
import { rangeName } from './range-names.ts'

interface Props {
  view: View
  onChange(change: Partial<View>): void
  /** The filters to show; left out, those without a control of their own, which a click on the page chose. */
  keys?: readonly FilterKey[]
}

const CLICKED = FILTER_KEYS.filter((key) => !IN_BAR.includes(key))

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

/** A listener is filtered by id but shown by name. */
function ListenerChip({ user, onClear }: { user: string; onClear(): void }) {
  const { data } = useQuery(topQuery('user', '', 1, { user: [user] }))
  return <Chip text={`${FILTER_NAME.user}: ${data?.[0]?.label ?? user}`} onClear={onClear} />
}

/** A value as a person reads it. */
function textOf(key: FilterKey, value: string): string {
  if (key === 'weekday') return formatWeekday(Number(value), 'long')
  if (key === 'hour') return `${formatHourOfDay(Number(value))} to ${formatHourOfDay(Number(value) + 1)}`
  if (key === 'skipped' || key === 'completed') return value === 'true' ? 'yes' : 'no'
  return value
}

/** A range of percent listened in words; undefined without one. */
function heardText({ percent_from, percent_to }: Filters): string | undefined {
  const [from, to] = [percent_from?.[0], percent_to?.[0]].map(
    (percent) => percent && formatShare(Number(percent) / 100),
  )
  if (from && to) return `Left between ${from} and ${to}`
  if (from) return percent_from?.[0] === '100' ? 'Heard to the end' : `Heard to ${from} or further`
  return to && `Left before ${to}`
}

/** The other active filters, each with a button to remove it. */
export function FilterChips({ view, onChange, keys = CLICKED }: Props) {
  const { filters } = view
  const heard = heardText(filters)
  const chosen = keys
    .filter((key) => key !== 'percent_from' && key !== 'percent_to')
    .flatMap((key) => (filters[key] ?? []).map((value) => ({ key, value })))
  if (chosen.length === 0 && heard === undefined && view.range === undefined) return null
  return (
    <ul className="filter-chips" aria-label="Also chosen">
      {view.range !== undefined && (
        <Chip text={rangeName(view.range, view.zone)} onClear={() => onChange({ range: undefined })} />
      )}
      {heard !== undefined && (
        <Chip
          text={heard}
          onClear={() =>
            onChange({ filters: withChosen(withChosen(filters, 'percent_from', []), 'percent_to', []) })
          }
        />
      )}
      {chosen.map(({ key, value }) => {
        const drop = () => onChange({ filters: withValue(filters, key, value) })
        return key === 'user' ? (
          <ListenerChip key={value} user={value} onClear={drop} />
        ) : (
          <Chip key={`${key} ${value}`} text={`${FILTER_NAME[key]}: ${textOf(key, value)}`} onClear={drop} />
        )
      })}
    </ul>
  )
}
