import { SORTS, type Sort, type View } from '../api/view-state.ts'
import { Icon } from '../panels/Icon.tsx'

interface Props {
  view: View
  onChange(change: Partial<View>): void
}

const NAME: Record<Sort, string> = {
  timestamp: 'When',
  name: 'User',
  title: 'Title',
  artist: 'Artist',
  genre: 'Genre',
  platform: 'Platform',
  city: 'City',
  country: 'Country',
  mood: 'Mood',
  duration_seconds: 'Length',
  listen_position: 'Position',
  percent_listened: '% listened',
  completed: 'Completed',
  is_skipped: 'Skipped',
  rating: 'Rating',
}

/** Sorting where there are no column headers to click on. */
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
            {NAME[sort]}
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
