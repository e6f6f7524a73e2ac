import { useSyncExternalStore } from 'react'

const CHANGED = 'playhead:address'

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange)
  addEventListener(CHANGED, onChange)
  return () => {
    removeEventListener('popstate', onChange)
    removeEventListener(CHANGED, onChange)
  }
}

const current = () => location.pathname + location.search

/** The page's own address, path and parameters: the one place where what is shown is kept. */
export const useAddress = (): string => useSyncExternalStore(subscribe, current)

/** Goes to an address of the page. Each is a step in the browser's history, so Back undoes it. */
export function goTo(url: string): void {
  if (url === current()) return
  history.pushState(null, '', url)
  dispatchEvent(new Event(CHANGED))
}
