import type { RowData } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { NARROW, useMedia } from '../ui/use-media.ts'
import type { Order } from '../view/view-state.ts'
import { CardRows } from './CardRows.tsx'
import type { TableColumn } from './column.ts'
import { Skeleton } from './Skeleton.tsx'
import { TableRows } from './TableRows.tsx'

export const ROW_HEIGHT = { normal: 40, compact: 30 } as const
export const CARD_HEIGHT = 116
/** The next page is asked for when so many rows are left below. */
const AHEAD = 40
/** As far down as this still counts as the top: a touch that hardly moved is not reading further down. */
const TOP_PX = 8

export interface TableHandle {
  scrollToTop(): void
}

export interface RowMark {
  freshSince: number | undefined
  own: boolean
}

export interface QueryTableProps<Row extends RowData> {
  /** What the rows are, for those who cannot see them. */
  label: string
  columns: readonly TableColumn<Row>[]
  rows: readonly Row[]
  rowId(row: Row): string
  mark(row: Row): RowMark
  density: keyof typeof ROW_HEIGHT
  /** A row was clicked, or the button in it pressed. */
  onOpen(row: Row): void
  /** A row where there is no room for columns. */
  card(row: Row): ReactNode
  sort: string
  order: Order
  onSort(column: string, order: Order): void
  state: 'loading' | 'error' | 'ready'
  /** Other rows are on their way: these are kept in sight until then. */
  stale: boolean
  empty: ReactNode
  failure: ReactNode
  more: { wanted: boolean; failed: boolean; load(): void }
  onTopChange(atTop: boolean): void
  /** Lies over the rows, so that it moves nothing. */
  notice: ReactNode
  ref?: Ref<TableHandle>
}

/** The one table: it owns paging, scrolling, and what stands in for rows that are not there. */
export function QueryTable<Row extends RowData>(props: QueryTableProps<Row>) {
  const { rows, rowId, state, more, onTopChange } = props
  const narrow = useMedia(NARROW)
  const scroller = useRef<HTMLElement>(null)
  const rowHeight = narrow ? CARD_HEIGHT : ROW_HEIGHT[props.density]
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : rowId(row)
    },
    overscan: 10,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? 0

  // biome-ignore lint/correctness/useExhaustiveDependencies(rowHeight): measured again when cards become rows
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight])

  const wantsMore = state === 'ready' && more.wanted && !more.failed && last >= rows.length - AHEAD
  const onWantsMore = useEffectEvent(() => more.load())
  // biome-ignore lint/correctness/useExhaustiveDependencies(rows.length): still near the end after a page came
  useEffect(() => {
    if (wantsMore) onWantsMore()
  }, [wantsMore, rows.length])

  useImperativeHandle(props.ref, () => ({
    scrollToTop() {
      scroller.current?.scrollTo({ top: 0 })
      onTopChange(true)
    },
  }))

  const range = {
    items,
    before: items[0]?.start ?? 0,
    after: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0),
    width: virtualizer.scrollRect?.width ?? 0,
  }
  const Rows = narrow ? CardRows : TableRows

  return (
    <div className="query-table" data-stale={props.stale || undefined} data-density={props.density}>
      <section
        ref={scroller}
        className="query-table-scroller"
        aria-label={props.label}
        aria-busy={state === 'loading' || props.stale}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollLeft, dataset } }) => {
          onTopChange(scrollTop <= TOP_PX)
          // What is pinned is set apart only while something lies under it.
          dataset['sideways'] = String(scrollLeft > 0)
        }}
      >
        <Rows {...props} range={range} />
        {state === 'loading' && <Skeleton rowHeight={rowHeight} />}
        {state === 'error' && props.failure}
        {state === 'ready' && rows.length === 0 && props.empty}
        {more.failed && (
          <div className="query-table-more">
            More rows could not be loaded.{' '}
            <button type="button" className="btn btn-sm" onClick={more.load}>
              Try again
            </button>
          </div>
        )}
      </section>
      <div className="query-table-notice">{props.notice}</div>
    </div>
  )
}
