import { Icon } from '../ui/Icon.tsx'
import { SORT_NAME, SORTS, type View } from '../view/view-state.ts'

interface Props {
  view: View
  onChange(change: Partial<View>): void
}

/** Sort control for layouts without column headers. */
export function SortControl({ view, onChange }: Props) {
  const ascending = view.order === 'asc'
  return (
    <div className="sort-control">
      <select
        className="form-select"
        aria-label="Sort by"
        value={view.sort}
        onChange={(event) => {
          const sort = SORTS.find((name) => name === event.target.value)
          if (sort) onChange({ sort })
        }}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {SORT_NAME[sort]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="btn btn-icon"
        aria-label={ascending ? 'Ascending. Sort descending' : 'Descending. Sort ascending'}
        onClick={() => onChange({ order: ascending ? 'desc' : 'asc' })}
      >
        <Icon name={ascending ? 'arrowUp' : 'arrowDown'} />
      </button>
    </div>
  )
}
