import { useCallback, useMemo } from 'react'
import { goTo, useAddress } from './address.ts'
import { type Place, placeAt } from './place.ts'
import { pageUrl } from './urls.ts'
import { parseView, type View } from './view-state.ts'

/** The page that the address names; null where there is none. */
export function usePlace(): Place | null {
  const address = useAddress()
  return placeAt(address.split('?')[0] ?? '/')
}

/** The view in the page's address. */
export function useView(): [View, (change: Partial<View>) => void] {
  const address = useAddress()
  const view = useMemo(() => parseView(new URL(address, location.origin).search), [address])
  const change = useCallback((next: Partial<View>) => {
    goTo(pageUrl(placeAt(location.pathname) ?? 'live', { ...parseView(location.search), ...next }))
  }, [])
  return [view, change]
}
