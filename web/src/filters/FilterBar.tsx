import { Stars } from '../cells/Stars.tsx'
import type { Option } from '../ui/option.ts'
import {
  countChosen,
  FILTER_NAME,
  type Filters,
  RATINGS,
  type TextFilterKey,
  UNDER_MORE,
  withChosen,
} from '../view/filter.ts'
import { DropdownFilter } from './DropdownFilter.tsx'
import { EitherFilter } from './EitherFilter.tsx'
import { MoreFilters } from './MoreFilters.tsx'
import { TypeAheadFilter } from './TypeAheadFilter.tsx'
import { useFilterOptions } from './use-filter-options.ts'

interface Props {
  filters: Filters
  zone: string | undefined
  onChange(filters: Filters): void
  /** Whether every filter is shown, where there is room below each other. */
  whole?: boolean
  /** Whether there is anything else to clear. */
  more?: boolean
  onClear?(): void
}

interface FieldProps extends Pick<Props, 'filters' | 'zone' | 'onChange'> {
  name: TextFilterKey
}

const RATING_OPTIONS: readonly Option[] = RATINGS.map((value) =>
  value === 'none'
    ? { value, text: 'No rating' }
    : { value, text: `${value} of 5`, drawn: <Stars rating={Number(value)} />, detail: value },
)

function TypeAhead({ name, filters, zone, onChange }: FieldProps) {
  return (
    <TypeAheadFilter
      {...useFilterOptions(name, filters, zone)}
      label={FILTER_NAME[name]}
      chosen={filters[name] ?? []}
      onChange={(chosen) => onChange(withChosen(filters, name, chosen))}
    />
  )
}

/** All filters in one row; their state lives in the address. */
export function FilterBar(props: Props) {
  const { filters, zone, onChange, whole = false, more = false, onClear = () => onChange({}) } = props
  const field = { filters, zone, onChange }
  const others = UNDER_MORE.map((name) => <TypeAhead key={name} name={name} {...field} />)
  return (
    <search className="filter-bar" aria-label="Filters">
      <TypeAhead name="artist" {...field} />
      <TypeAhead name="country" {...field} />
      <TypeAhead name="genre" {...field} />
      <TypeAhead name="platform" {...field} />
      <TypeAhead name="mood" {...field} />
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
      {whole ? (
        others
      ) : (
        <MoreFilters chosen={UNDER_MORE.reduce((sum, name) => sum + (filters[name]?.length ?? 0), 0)}>
          {others}
        </MoreFilters>
      )}
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
