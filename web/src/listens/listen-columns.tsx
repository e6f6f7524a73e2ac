import type { StoredListen } from '../../../src/listen/stored.ts'
import { Clipped } from '../cells/Clipped.tsx'
import { Listened } from '../cells/Listened.tsx'
import { Stars } from '../cells/Stars.tsx'
import { When } from '../cells/When.tsx'
import { YesNo } from '../cells/YesNo.tsx'
import { formatLength } from '../format/length.ts'
import { columnsOf, type TableColumn } from '../table/column.ts'
import type { Sort } from '../view/view-state.ts'

const column = columnsOf<StoredListen>()
// A column is named by what the API sorts it by, so that one that cannot be sorted does not compile.
const id = <Name extends Sort>(name: Name) => name

/** Every field of a listen, in reading order: when, who, what, where, how, how far. */
export const listenColumns: readonly TableColumn<StoredListen>[] = column.columns([
  column.accessor('timestamp', {
    id: id('timestamp'),
    header: 'When',
    cell: ({ getValue, row }) => (
      <button type="button" className="row-open">
        <span className="visually-hidden">Details of {row.original.title}, </span>
        <When timestamp={getValue()} />
      </button>
    ),
    meta: { width: 128, firstOrder: 'desc' },
  }),
  column.accessor('name', {
    id: id('name'),
    header: 'User',
    cell: ({ row: { original: listen } }) => (
      <Clipped text={listen.name} title={listen.email ? `${listen.name} · ${listen.email}` : listen.name} />
    ),
    meta: { width: 100, grow: 2 },
  }),
  column.accessor('title', {
    id: id('title'),
    header: 'Title',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 140, grow: 4, pinned: true },
  }),
  column.accessor('artist', {
    id: id('artist'),
    header: 'Artist',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 102, grow: 3 },
  }),
  column.accessor('genre', {
    id: id('genre'),
    header: 'Genre',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 88, grow: 2 },
  }),
  column.accessor('platform', {
    id: id('platform'),
    header: 'Platform',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 98, grow: 1 },
  }),
  column.accessor('location.city', {
    id: id('city'),
    header: 'City',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 80, grow: 2 },
  }),
  column.accessor('location.country', {
    id: id('country'),
    header: 'Country',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 88, grow: 2 },
  }),
  column.accessor('mood', {
    id: id('mood'),
    header: 'Mood',
    cell: ({ getValue }) => <Clipped text={getValue()} />,
    meta: { width: 80, grow: 1 },
  }),
  column.accessor('duration_seconds', {
    id: id('duration_seconds'),
    header: 'Length',
    cell: ({ getValue }) => formatLength(getValue()),
    meta: { width: 58, align: 'end', firstOrder: 'desc' },
  }),
  column.accessor('listen_position', {
    id: id('listen_position'),
    header: 'Position',
    cell: ({ getValue }) => formatLength(getValue()),
    meta: { width: 66, align: 'end', firstOrder: 'desc' },
  }),
  column.accessor('percent_listened', {
    id: id('percent_listened'),
    header: '% listened',
    cell: ({ getValue, row }) => <Listened percent={getValue()} completed={row.original.completed} />,
    meta: { width: 104, grow: 1, firstOrder: 'desc' },
  }),
  column.accessor('completed', {
    id: id('completed'),
    header: 'Completed',
    cell: ({ getValue }) => <YesNo value={getValue()} tone="good" />,
    meta: { width: 82, firstOrder: 'desc' },
  }),
  column.accessor('is_skipped', {
    id: id('is_skipped'),
    header: 'Skipped',
    cell: ({ getValue }) => <YesNo value={getValue()} tone="bad" />,
    meta: { width: 66, firstOrder: 'desc' },
  }),
  column.accessor('rating', {
    id: id('rating'),
    header: 'Rating',
    cell: ({ getValue }) => <Stars rating={getValue()} />,
    meta: { width: 90, firstOrder: 'desc' },
  }),
])
