import { useState } from 'react'
import type { View } from '../api/view-state.ts'
import { formatCount } from '../format/numbers.ts'
import { Icon } from '../panels/Icon.tsx'
import { SidePanel } from '../panels/SidePanel.tsx'
import { NARROW, useMedia } from '../table/use-media.ts'
import { FilterBar } from './FilterBar.tsx'
import { countChosen } from './filter.ts'
import { SortControl } from './SortControl.tsx'

interface Props {
  view: View
  onChange(change: Partial<View>): void
}

/** What chooses among the listens: a row above the table, or a panel where there is no room for one. */
export function Filtering({ view, onChange }: Props) {
  const narrow = useMedia(NARROW)
  const [open, setOpen] = useState(false)
  const chosen = countChosen(view.filters)
  const bar = <FilterBar filters={view.filters} onChange={(filters) => onChange({ filters })} />
  if (!narrow) return <div className="filtering">{bar}</div>
  return (
    <div className="filtering">
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        <Icon name="filter" />
        Filters
        {chosen > 0 && <span className="badge filter-count">{formatCount(chosen)}</span>}
      </button>
      <SortControl view={view} onChange={onChange} />
      <SidePanel title="Filters" open={open} onClose={() => setOpen(false)}>
        <div className="filter-sheet">
          {bar}
          <button type="button" className="btn btn-primary w-100" onClick={() => setOpen(false)}>
            Show listens
          </button>
        </div>
      </SidePanel>
    </div>
  )
}
