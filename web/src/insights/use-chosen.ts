import { useMemo } from 'react'
import { goTo } from '../view/address.ts'
import { type FilterKey, type Filters, withOnly, withValue } from '../view/filter.ts'
import { DEFAULT_RANGE } from '../view/range.ts'
import { type Chosen, pageUrl } from '../view/urls.ts'
import { useView } from '../view/use-view.ts'
import { ownZone } from '../view/zone.ts'

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
    /** For a mark that stands for several things at once: all of them and nothing else of their kind. */
    filterByOnly(values: Parameters<typeof withOnly>[1]) {
      changeView({ filters: withOnly(filters, values) })
    },
    /** For a place on the drop-off curve: the plays that got to this percent and not to the next. */
    filterByEnd(percent: number) {
      const next = percent < 100 ? String(percent + 1) : undefined
      changeView({ filters: withOnly(filters, { percent_from: String(percent), percent_to: next }) })
    },
    /** Leads to the listens between two moments, in seconds since 1970. */
    showListens(from: number, to: number, more: Filters = {}) {
      const iso = (moment: number) => new Date(moment * 1000).toISOString()
      goTo(
        pageUrl('live', {
          ...view,
          filters: { ...filters, ...more },
          range: { from: iso(from), to: iso(to) },
        }),
      )
    },
    /** Where the listens behind all of it are. */
    listensHref: pageUrl('live', { ...view, range }),
  }
}
