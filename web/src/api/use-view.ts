import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { pageUrl } from './urls.ts'
import { parseView, type View } from './view-state.ts'

const CHANGED = 'playhead:view'

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange)
  addEventListener(CHANGED, onChange)
  return () => {
    removeEventListener('popstate', onChange)
    removeEventListener(CHANGED, onChange)
  }
}

const currentSearch = () => location.search

/** The view in the page's address. Each change is a step in the browser's history, so Back undoes it. */
export function useView(): [View, (change: Partial<View>) => void] {
  const search = useSyncExternalStore(subscribe, currentSearch)
  const view = useMemo(() => parseView(search), [search])
  const change = useCallback((next: Partial<View>) => {
    const url = pageUrl({ ...parseView(location.search), ...next })
    if (url === location.pathname + location.search) return
    history.pushState(null, '', url)
    dispatchEvent(new Event(CHANGED))
  }, [])
  return [view, change]
}
