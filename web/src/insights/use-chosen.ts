import { useMemo } from 'react'
import { goTo } from '../api/address.ts'
import { DEFAULT_RANGE } from '../api/range.ts'
import { type Chosen, pageUrl } from '../api/urls.ts'
import { useView } from '../api/use-view.ts'
import { type FilterKey, withValue } from '../filters/filter.ts'
import { ownZone } from '../format/zone.ts'

/** What a page that works things out is about, and what a click on a mark changes. */
export function useChosen() {
  const [view, changeView] = useView()
  const { filters, zone } = view
  const range = view.range ?? DEFAULT_RANGE
  const chosen = useMemo<Chosen>(() => ({ filters, range, zone }), [filters, range, zone])
  return {
    view,
    changeView,
    chosen,
    range,
    zone: zone ?? ownZone(),
    /** Whether there is a period before to compare with, and the viewer wants it. */
    compared: view.compare && range !== 'all',
    filterBy(...changes: readonly (readonly [FilterKey, string])[]) {
      changeView({ filters: changes.reduce((sum, [key, value]) => withValue(sum, key, value), filters) })
    },
    /** Leads to the listens between two moments, in seconds since 1970. */
    showListens(from: number, to: number) {
      const iso = (moment: number) => new Date(moment * 1000).toISOString()
      goTo(pageUrl('live', { ...view, range: { from: iso(from), to: iso(to) } }))
    },
  }
}
