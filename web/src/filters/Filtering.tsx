import { type ReactNode, useState } from 'react'
import { formatCount } from '../format/numbers.ts'
import { Icon } from '../ui/Icon.tsx'
import { SidePanel } from '../ui/SidePanel.tsx'
import { NARROW, useMedia } from '../ui/use-media.ts'
import { countChosen } from '../view/filter.ts'
import type { View } from '../view/view-state.ts'
import { FilterBar } from './FilterBar.tsx'
import { FilterChips } from './FilterChips.tsx'

interface Props {
  view: View
  onChange(change: Partial<View>): void
  /** Label of the button that closes the filter panel. */
  verb: string
  /** What stands beside the filters. */
  children?: ReactNode
}

/** Filters of the listens: a row above them, or a panel on small screens. */
export function Filtering({ view, onChange, verb, children }: Props) {
  const narrow = useMedia(NARROW)
  const [open, setOpen] = useState(false)
  const chosen = countChosen(view.filters)
  const bar = (
    <FilterBar
      filters={view.filters}
      zone={view.zone}
      onChange={(filters) => onChange({ filters })}
      whole={narrow}
      more={view.range !== undefined}
      onClear={() => onChange({ filters: {}, range: undefined })}
    />
  )
  const chips = <FilterChips view={view} onChange={onChange} />
  if (!narrow)
    return (
      <>
        <div className="filtering">
          {bar}
          {children}
        </div>
        {chips}
      </>
    )
  return (
    <>
      <div className="filtering">
        <button type="button" className="btn" onClick={() => setOpen(true)}>
          <Icon name="filter" />
          Filters
          {chosen > 0 && <span className="badge filter-count">{formatCount(chosen)}</span>}
        </button>
        {children}
        <SidePanel title="Filters" open={open} onClose={() => setOpen(false)}>
          <div className="filter-sheet">
            {bar}
            <button type="button" className="btn btn-primary w-100" onClick={() => setOpen(false)}>
              {verb}
            </button>
          </div>
        </SidePanel>
      </div>
      {chips}
    </>
  )
}
