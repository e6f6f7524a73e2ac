import {
  type ColumnDef,
  createColumnHelper,
  metaHelper,
  type RowData,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table'

/** How a column lies in the table. */
export interface ColumnLayout {
  /** In pixels; enough for what most rows hold. */
  width: number
  /** Its share of the room that is left over; none where more room would not help. */
  grow?: number
  align?: 'end'
  /** Stays in sight while the table is scrolled sideways. */
  pinned?: true
  /** The header in full where the label is short. */
  describe?: string
  /** What a first click on the header asks for. */
  firstOrder?: 'asc' | 'desc'
}

export const features = tableFeatures({ rowSortingFeature, columnMeta: metaHelper<ColumnLayout>() })

// biome-ignore lint/suspicious/noExplicitAny: a list of columns has as many value types as columns
export type TableColumn<Row extends RowData> = ColumnDef<typeof features, Row, any>

export const columnsOf = <Row extends RowData>() => createColumnHelper<typeof features, Row>()

/** The width of each column where so much room is there; never less than it asks for, so the table may scroll. */
export function columnWidths(layouts: readonly ColumnLayout[], available: number): number[] {
  const needed = layouts.reduce((sum, { width }) => sum + width, 0)
  const shares = layouts.reduce((sum, { grow }) => sum + (grow ?? 0), 0)
  const spare = Math.max(0, available - needed)
  let given = 0
  let left = spare
  return layouts.map(({ width, grow = 0 }) => {
    given += grow
    // Rounded so that the sum is exact: the table ends where its frame does.
    const rest = shares === 0 ? spare : Math.round(spare * (1 - given / shares))
    const extra = left - rest
    left = rest
    return width + extra
  })
}
