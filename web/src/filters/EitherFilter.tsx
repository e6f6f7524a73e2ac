import { FilterField } from './FilterField.tsx'

interface Props {
  label: string
  no: string
  chosen: readonly string[]
  onChange(chosen: readonly string[]): void
}

/** A filter for yes, no or either. */
export function EitherFilter({ label, no, chosen, onChange }: Props) {
  // Both values (possible in a link) are the same as none.
  const value = chosen.length === 1 ? chosen[0] : ''
  return (
    <FilterField label={label} chosen={value !== ''} onClear={() => onChange([])}>
      <select
        className="form-select filter-control"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value === '' ? [] : [event.target.value])}
      >
        <option value="">{label}?</option>
        <option value="true">{label}</option>
        <option value="false">{no}</option>
      </select>
    </FilterField>
  )
}
