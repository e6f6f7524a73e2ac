import { useCallback, useSyncExternalStore } from 'react'

/** Below this a table of many columns is no longer readable, so the rows become cards. */
export const NARROW = '(max-width: 767.98px)'

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', onChange)
      return () => list.removeEventListener('change', onChange)
    },
    [query],
  )
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches)
}
