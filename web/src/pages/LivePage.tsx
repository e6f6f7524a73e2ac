import { useEffect, useRef, useState } from 'react'
import { apiDocsUrl } from '../api/urls.ts'
import { useView } from '../api/use-view.ts'
import { isNewestFirst, type Order, SORTS } from '../api/view-state.ts'
import { Filtering } from '../filters/Filtering.tsx'
import { countChosen } from '../filters/filter.ts'
import { AddListenForm } from '../form/AddListenForm.tsx'
import { useListens } from '../live/use-listens.ts'
import { Brand } from '../panels/Brand.tsx'
import { Icon } from '../panels/Icon.tsx'
import { LiveStatus } from '../panels/LiveStatus.tsx'
import { PauseButton } from '../panels/PauseButton.tsx'
import { SidePanel } from '../panels/SidePanel.tsx'
import { TableNotice } from '../panels/TableNotice.tsx'
import { Totals } from '../panels/Totals.tsx'
import { QueryTable, type TableHandle } from '../table/QueryTable.tsx'
import { ThemeSwitch } from '../theme/ThemeSwitch.tsx'
import { AddedMessage } from './AddedMessage.tsx'
import { Failure, NoListens, NoMatch } from './blanks.tsx'
import { ListenCard } from './ListenCard.tsx'
import { listenColumns } from './listen-columns.tsx'
import { useAdded } from './use-added.ts'

/** The page: every listen as it happens, and a form to add one. */
export function ListensPage() {
  const [view, changeView] = useView()
  const [paused, setPaused] = useState(false)
  const [atTop, setAtTop] = useState(true)
  const [adding, setAdding] = useState(false)
  const table = useRef<TableHandle>(null)
  const { rows, query, ...live } = useListens(view, paused, atTop)
  const own = useAdded(rows, view.filters, !paused && atTop && isNewestFirst(view))
  const filtered = countChosen(view.filters) > 0

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
      ...(own.where === 'filtered' ? { filters: {} } : {}),
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
    <div className="page-frame">
      <header className="page-top">
        <Brand />
        <LiveStatus feed={live.feedState} paused={paused} sampled={live.sampled} />
        <div className="page-top-actions">
          <a className="btn btn-ghost-secondary page-top-docs" href={apiDocsUrl()}>
            API
          </a>
          <ThemeSwitch />
          <button type="button" className="btn btn-primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            <span className="add-word">Add a stream event</span>
          </button>
        </div>
      </header>
      <main className="page-main">
        <div className="page-summary">
          <Totals filters={view.filters} changes={paused ? undefined : live.changes} />
          <PauseButton
            paused={paused}
            heldCount={live.heldCount}
            onPause={() => setPaused(true)}
            onCatchUp={catchUp}
          />
        </div>
        <div className="card page-card">
          <Filtering view={view} onChange={changeView} />
          <QueryTable
            ref={table}
            label="Listens"
            columns={listenColumns}
            rows={rows}
            rowId={(listen) => listen.id}
            mark={(listen) => ({
              freshSince: live.arrivedAt(listen.id),
              own: listen.id === own.added?.id,
            })}
            card={(listen) => <ListenCard listen={listen} />}
            sort={view.sort}
            order={view.order}
            onSort={sortBy}
            state={tableState}
            stale={query.isPlaceholderData}
            empty={
              filtered ? (
                <NoMatch onClear={() => changeView({ filters: {} })} />
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
                onShowNew={catchUp}
                onReconnect={live.retryFeed}
              />
            }
          />
        </div>
      </main>
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
