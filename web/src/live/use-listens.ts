import { hashKey, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { listensQuery } from '../api/queries.ts'
import { liveUrl } from '../view/urls.ts'
import { isNewestFirst, type View } from '../view/view-state.ts'
import { createArrivals } from './arrivals.ts'
import { type FeedState, type LiveFeed, openLiveFeed } from './live-feed.ts'
import { mergeNewestFirst } from './newest-first.ts'
import { useThrottled } from './use-throttled.ts'

/** No quiet reload sooner than this after the last, nor than so many times what the last one took. */
const RELOAD_MS = 2_000
const RELOAD_REST = 5
/** From so many arrived rows on, the table is asked for again, so that memory and merging stay small. */
const MANY_SHOWN = 300

/**
 * The rows of a view: the pages that were asked for, and what the live feed brought since. While the viewer reads
 * (paused, or scrolled away) nothing moves: what arrives is held and counted.
 */
export function useListens(view: View, paused: boolean, atTop: boolean) {
  const queryClient = useQueryClient()
  const { queryKey } = listensQuery(view)
  const query = useInfiniteQuery(listensQuery(view))
  const [arrivals] = useState(() => createArrivals())
  const state = useSyncExternalStore(arrivals.subscribe, arrivals.getState)
  const [feedState, setFeedState] = useState<FeedState>('connecting')
  const [reloadMs, setReloadMs] = useState(RELOAD_MS)
  const feed = useRef<LiveFeed>(undefined)
  const viewKey = hashKey(queryKey)
  const url = useMemo(
    () => liveUrl({ filters: view.filters, range: view.range, zone: view.zone }),
    [view.filters, view.range, view.zone],
  )
  const newestFirst = isNewestFirst(view)
  const mayMove = !paused && atTop

  // biome-ignore lint/correctness/useExhaustiveDependencies(viewKey): what arrived belongs to one view
  useEffect(() => () => arrivals.reset(), [arrivals, viewKey])

  useEffect(() => {
    const opened = openLiveFeed(url, {
      onState: setFeedState,
      onBatch: arrivals.receive,
      onMissed: arrivals.lose,
    })
    feed.current = opened
    return () => opened.close()
  }, [url, arrivals])

  const merged = useMemo(() => {
    if (!query.data) return []
    const loaded = query.data.pages.flatMap((page) => page.listens)
    return newestFirst ? mergeNewestFirst(state.shown, loaded, !query.hasNextPage) : loaded
  }, [query.data, query.hasNextPage, newestFirst, state.shown])
  // While another view is on its way the old rows stay as they were, dimmed.
  const settledRows = useRef<readonly StoredListen[]>([])
  const rows = query.isPlaceholderData ? settledRows.current : merged
  useEffect(() => {
    if (!query.isPlaceholderData) settledRows.current = merged
  }, [query.isPlaceholderData, merged])

  const holding = !mayMove || !newestFirst
  useEffect(() => {
    arrivals.hold(holding)
    if (!holding && state.heldCount > 0) arrivals.release()
  }, [arrivals, holding, state.heldCount])

  const latestViewKey = useRef(viewKey)
  useEffect(() => {
    latestViewKey.current = viewKey
  }, [viewKey])

  async function reload(): Promise<void> {
    // The answer under way may be older than what was missed, so it does not count.
    if (queryClient.getQueryData(queryKey) === undefined) await query.refetch()
    const mark = arrivals.mark()
    const before = new Set(rows.map((row) => row.id))
    const started = performance.now()
    // Only the first page: the viewer is at the top, and the pages below will be asked for when they are needed.
    queryClient.setQueryData(
      queryKey,
      (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    )
    const { data, isSuccess } = await query.refetch()
    setReloadMs(Math.max(RELOAD_MS, RELOAD_REST * (performance.now() - started)))
    if (!isSuccess || viewKey !== latestViewKey.current) return
    const ids = data.pages.flatMap((page) => page.listens.map((listen) => listen.id))
    if (before.size > 0) arrivals.noteNew(ids.filter((id) => !before.has(id)))
    arrivals.settle(mark)
  }

  const wantsReload =
    mayMove && (state.incomplete || state.shown.length > MANY_SHOWN || (!newestFirst && state.heldCount > 0))
  useThrottled(wantsReload ? state.changes : undefined, reloadMs, reload)

  return {
    rows,
    query,
    feedState,
    retryFeed: () => feed.current?.retryNow(),
    /** How many wait for the viewer; in the orders that are asked for again by themselves, none does. */
    heldCount: mayMove ? 0 : state.heldCount,
    sampled: state.sampled,
    changes: state.changes,
    arrivedAt: arrivals.arrivedAt,
  }
}

export type Listens = ReturnType<typeof useListens>
