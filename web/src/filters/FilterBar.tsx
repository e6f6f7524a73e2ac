import { Stars } from '../cells/Stars.tsx'
import type { Option } from '../ui/option.ts'
import { countChosen, type Filters, RATINGS, type TextFilterKey, withChosen } from '../view/filter.ts'
import { DropdownFilter } from './DropdownFilter.tsx'
import { EitherFilter } from './EitherFilter.tsx'
import { TypeAheadFilter } from './TypeAheadFilter.tsx'
import { useFilterOptions } from './use-filter-options.ts'

interface Props {
  filters: Filters
  zone: string | undefined
  onChange(filters: Filters): void
  /** Whether there is anything else to clear. */
  more?: boolean
  onClear?(): void
}

interface FieldProps {
  filters: Filters
  zone: string | undefined
  onChange(filters: Filters): void
  name: TextFilterKey
  label: string
}

const RATING_OPTIONS: readonly Option[] = RATINGS.map((value) =>
  value === 'none'
    ? { value, text: 'No rating' }
    : { value, text: `${value} of 5`, drawn: <Stars rating={Number(value)} />, detail: value },
)

function TypeAhead({ name, label, filters, zone, onChange }: FieldProps) {
  return (
    <TypeAheadFilter
      {...useFilterOptions(name, filters, zone)}
      label={label}
      chosen={filters[name] ?? []}
      onChange={(chosen) => onChange(withChosen(filters, name, chosen))}
    />
  )
}

function Dropdown({ name, label, filters, zone, onChange }: FieldProps) {
  const { options, onOpen, note } = useFilterOptions(name, filters, zone)
  return (
    <DropdownFilter
      label={label}
      options={options}
      onOpen={onOpen}
      note={note}
      chosen={filters[name] ?? []}
      onChange={(chosen) => onChange(withChosen(filters, name, chosen))}
    />
  )
}

/** All filters in one row; their state lives in the address. */
export function FilterBar({ filters, zone, onChange, more = false, onClear = () => onChange({}) }: Props) {
  const field = { filters, zone, onChange }
  return (
    <search className="filter-bar" aria-label="Filters">
      <TypeAhead name="artist" label="Artist" {...field} />
      <TypeAhead name="country" label="Country" {...field} />
      <Dropdown name="genre" label="Genre" {...field} />
      <Dropdown name="platform" label="Platform" {...field} />
      <Dropdown name="mood" label="Mood" {...field} />
      <DropdownFilter
        label="Rating"
        options={RATING_OPTIONS}
        chosen={filters.rating ?? []}
        onChange={(chosen) => onChange(withChosen(filters, 'rating', chosen))}
      />
      <EitherFilter
        label="Skipped"
        no="Not skipped"
        chosen={filters.skipped ?? []}
        onChange={(chosen) => onChange(withChosen(filters, 'skipped', chosen))}
      />
      <EitherFilter
        label="Completed"
        no="Not completed"
        chosen={filters.completed ?? []}
        onChange={(chosen) => onChange(withChosen(filters, 'completed', chosen))}
      />
      <button
        type="button"
        className="btn btn-ghost-secondary filter-clear-all"
        disabled={countChosen(filters) === 0 && !more}
        onClick={onClear}
      >
        Clear all
      </button>
    </search>
  )
}
