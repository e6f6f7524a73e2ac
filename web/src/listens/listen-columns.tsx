import type { ReactNode } from 'react'
import { nameOf, readerOf, SORT_FIELDS } from '../../../src/listen/fields.ts'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { Clipped } from '../cells/Clipped.tsx'
import { Listened } from '../cells/Listened.tsx'
import { Stars } from '../cells/Stars.tsx'
import { When } from '../cells/When.tsx'
import { YesNo } from '../cells/YesNo.tsx'
import { formatLength } from '../format/length.ts'
import { type ColumnLayout, columnsOf, type TableColumn } from '../table/column.ts'
import { SORT_NAME, SORTS, type Sort } from '../view/view-state.ts'

type Cell = (listen: StoredListen) => ReactNode

/** How a column looks where it is not just a text. */
const CELLS: Partial<Record<Sort, Cell>> = {
  timestamp: (listen) => (
    <button type="button" className="row-open">
      <span className="visually-hidden">Details of {listen.title}, </span>
      <When timestamp={listen.timestamp} />
    </button>
  ),
  name: ({ name, email }) => <Clipped text={name} title={email ? `${name} · ${email}` : name} />,
  duration_seconds: (listen) => formatLength(listen.duration_seconds),
  listen_position: (listen) => formatLength(listen.listen_position),
  percent_listened: (listen) => <Listened percent={listen.percent_listened} completed={listen.completed} />,
  completed: (listen) => <YesNo value={listen.completed} tone="good" />,
  is_skipped: (listen) => <YesNo value={listen.is_skipped} tone="bad" />,
  rating: (listen) => <Stars rating={listen.rating} />,
}

const LAYOUTS: Partial<Record<Sort, ColumnLayout>> = {
  timestamp: { width: 128, firstOrder: 'desc' },
  name: { width: 100, grow: 2 },
  title: { width: 140, grow: 4, pinned: true },
  artist: { width: 102, grow: 3 },
  genre: { width: 88, grow: 2 },
  platform: { width: 98, grow: 1 },
  city: { width: 80, grow: 2 },
  country: { width: 88, grow: 2 },
  mood: { width: 80, grow: 1 },
  duration_seconds: { width: 58, align: 'end', firstOrder: 'desc' },
  listen_position: { width: 66, align: 'end', firstOrder: 'desc' },
  percent_listened: { width: 104, grow: 1, firstOrder: 'desc' },
  completed: { width: 82, firstOrder: 'desc' },
  is_skipped: { width: 66, firstOrder: 'desc' },
  rating: { width: 90, firstOrder: 'desc' },
}

const column = columnsOf<StoredListen>()

function columnOf(name: Sort): TableColumn<StoredListen> {
  const field = SORT_FIELDS.find((one) => nameOf(one) === name)
  const read = readerOf(field ?? { path: name })
  const cell: Cell = CELLS[name] ?? ((listen) => <Clipped text={String(read(listen))} />)
  return column.accessor(read, {
    id: name,
    header: SORT_NAME[name],
    cell: ({ row }) => cell(row.original),
    meta: LAYOUTS[name] ?? { width: 100, grow: 2 },
  })
}

/** A column for every field that listens can be sorted by. */
export const listenColumns: readonly TableColumn<StoredListen>[] = SORTS.map(columnOf)
