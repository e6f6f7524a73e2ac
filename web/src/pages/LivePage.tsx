import { useEffect, useMemo, useRef, useState } from 'react'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { Filtering } from '../filters/Filtering.tsx'
import { RangePicker } from '../filters/RangePicker.tsx'
import { SortControl } from '../filters/SortControl.tsx'
import { AddListenForm } from '../form/AddListenForm.tsx'
import { AddedMessage } from '../listens/AddedMessage.tsx'
import { Failure, NoListens, NoMatch } from '../listens/blanks.tsx'
import { ListenCard } from '../listens/ListenCard.tsx'
import { ListenDetails } from '../listens/ListenDetails.tsx'
import { listenColumns } from '../listens/listen-columns.tsx'
import { TableChooser } from '../listens/TableChooser.tsx'
import { useTableChoice } from '../listens/table-choice.ts'
import { useAdded } from '../listens/use-added.ts'
import { LiveBand } from '../live/LiveBand.tsx'
import { LiveStatus } from '../live/LiveStatus.tsx'
import { PauseButton } from '../live/PauseButton.tsx'
import { TableNotice } from '../live/TableNotice.tsx'
import { useListens } from '../live/use-listens.ts'
import { QueryTable, type TableHandle } from '../table/QueryTable.tsx'
import { InHeader } from '../ui/header-slot.tsx'
import { Icon } from '../ui/Icon.tsx'
import { SidePanel } from '../ui/SidePanel.tsx'
import { NARROW, useMedia } from '../ui/use-media.ts'
import { countChosen, withValue } from '../view/filter.ts'
import { useView } from '../view/use-view.ts'
import { isNewestFirst, type Order, SORTS } from '../view/view-state.ts'
import { ownZone } from '../view/zone.ts'

/** Every listen as it happens, and a form to add one. */
export function LivePage() {
  const [view, changeView] = useView()
  const [paused, setPaused] = useState(false)
  const [atTop, setAtTop] = useState(true)
  const [adding, setAdding] = useState(false)
  const [opened, setOpened] = useState<StoredListen>()
  const [choice, choose] = useTableChoice()
  const narrow = useMedia(NARROW)
  const table = useRef<TableHandle>(null)
  const { rows, query, ...live } = useListens(view, paused, atTop)
  const own = useAdded(rows, view, !paused && atTop && isNewestFirst(view))
  const filtered = countChosen(view.filters) > 0 || view.range !== undefined
  const columns = useMemo(
    () => listenColumns.filter(({ id }) => !choice.hidden.some((name) => name === id)),
    [choice.hidden],
  )

  // Another view is read from its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies(view): stands for what is shown
  useEffect(() => table.current?.scrollToTop(), [view])

  function catchUp(): void {
    setPaused(false)
    table.current?.scrollToTop()
  }

  function showAdded(): void {
    changeView({
      sort: 'timestamp',
      order: 'desc',
      ...(own.where === 'filtered' ? { filters: {}, range: undefined } : {}),
    })
    catchUp()
    setAdding(false)
  }

  function sortBy(column: string, order: Order): void {
    const sort = SORTS.find((name) => name === column)
    if (sort) changeView({ sort, order })
  }

  // Trying again after a failure leaves the failure in sight, until there is something better to show.
  const failed = query.errorUpdateCount > 0
  const tableState = query.data ? 'ready' : failed ? 'error' : 'loading'

  return (
    <div className="live-page">
      <h1 className="visually-hidden">Listens, live</h1>
      <InHeader>
        <LiveStatus feed={live.feedState} paused={paused} sampled={live.sampled} />
      </InHeader>
      <div className="page-summary">
        <LiveBand view={view} changes={paused ? undefined : live.changes} />
        <div className="page-summary-actions">
          <PauseButton
            paused={paused}
            heldCount={live.heldCount}
            onPause={() => setPaused(true)}
            onCatchUp={catchUp}
          />
          <button type="button" className="btn btn-primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            <span className="add-word">Add a stream event</span>
          </button>
        </div>
      </div>
      <div className="card page-card">
        <div className="page-card-top">
          <Filtering view={view} onChange={changeView} verb="Show listens">
            <RangePicker
              compact
              range={view.range ?? 'all'}
              zone={view.zone ?? ownZone()}
              onChange={(range) => changeView({ range: range === 'all' ? undefined : range })}
            />
            {narrow ? (
              <SortControl view={view} onChange={changeView} />
            ) : (
              <TableChooser choice={choice} onChange={choose} />
            )}
          </Filtering>
        </div>
        <QueryTable
          ref={table}
          label="Listens"
          columns={columns}
          density={choice.density}
          rows={rows}
          rowId={(listen) => listen.id}
          mark={(listen) => ({
            freshSince: live.arrivedAt(listen.id),
            own: listen.id === own.added?.id,
          })}
          card={(listen) => <ListenCard listen={listen} />}
          onOpen={(listen) => setOpened(listen)}
          sort={view.sort}
          order={view.order}
          onSort={sortBy}
          state={tableState}
          stale={query.isPlaceholderData}
          empty={
            filtered ? (
              <NoMatch onClear={() => changeView({ filters: {}, range: undefined })} />
            ) : (
              <NoListens onAdd={() => setAdding(true)} />
            )
          }
          failure={<Failure error={query.error} onRetry={() => void query.refetch()} />}
          more={{
            wanted: query.hasNextPage && !query.isFetching,
            failed: query.isFetchNextPageError,
            load: () => void query.fetchNextPage(),
          }}
          onTopChange={setAtTop}
          notice={
            <TableNotice
              feed={live.feedState}
              heldCount={live.heldCount}
              paused={paused}
              sampled={live.sampled}
              onShowNew={catchUp}
              onReconnect={live.retryFeed}
            />
          }
        />
      </div>
      <SidePanel title="Listen" open={opened !== undefined} onClose={() => setOpened(undefined)}>
        {opened && (
          <ListenDetails
            listen={opened}
            view={view}
            onFilter={(key, value) => {
              changeView({ filters: withValue(view.filters, key, value) })
              setOpened(undefined)
            }}
          />
        )}
      </SidePanel>
      <SidePanel typing title="Add a stream event" open={adding} onClose={() => setAdding(false)}>
        <AddListenForm
          onAdded={own.onAdded}
          added={
            own.added && (
              <AddedMessage
                title={own.added.listen.title}
                artist={own.added.listen.artist}
                where={own.where}
                onShow={showAdded}
              />
            )
          }
        />
      </SidePanel>
    </div>
  )
}
