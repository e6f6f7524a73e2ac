import { type RowData, useTable } from '@tanstack/react-table'
import type { VirtualItem } from '@tanstack/react-virtual'
import { useMemo } from 'react'
import { columnWidths, features } from './column.ts'
import { HeaderCell } from './HeaderCell.tsx'
import type { QueryTableProps } from './QueryTable.tsx'
import { TableRow } from './TableRow.tsx'

export interface RowRange {
  items: VirtualItem[]
  /** Room taken by the rows that are not drawn. */
  before: number
  after: number
  width: number
}

/** Room for rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a table row is not focusable, and this one holds nothing
  return <tr aria-hidden="true" className="spacer" style={{ height }} />
}

const NO_LAYOUT = { width: 100 }

/** The rows as a table, of which only those in sight are drawn. */
export function TableRows<Row extends RowData>(props: QueryTableProps<Row> & { range: RowRange }) {
  const { columns, rows, rowId, range, sort, order } = props
  const table = useTable({
    features,
    columns: columns as typeof columns & unknown[],
    data: rows,
    getRowId: rowId,
    // The server sorts all listens; the table has only the first of them.
    manualSorting: true,
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? []
  const layouts = useMemo(() => columns.map((column) => column.meta ?? NO_LAYOUT), [columns])
  const widths = columnWidths(layouts, range.width)
  const modelRows = table.getRowModel().rows

  return (
    <table
      className="listens-table"
      aria-label={props.label}
      aria-rowcount={props.more.wanted ? -1 : rows.length + 1}
      style={{ width: widths.reduce((sum, width) => sum + width, 0) }}
    >
      <colgroup>
        {headers.map((header, index) => (
          <col key={header.id} style={{ width: widths[index] }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {headers.map((header) => (
            <HeaderCell
              key={header.id}
              label={String(header.column.columnDef.header)}
              layout={header.column.columnDef.meta ?? NO_LAYOUT}
              order={header.id === sort ? order : undefined}
              onSort={(next) => props.onSort(header.id, next)}
            />
          ))}
        </tr>
      </thead>
      <tbody>
        <Spacer height={range.before} />
        {range.items.map(({ index }) => {
          const row = modelRows[index]
          if (!row) return null
          return (
            <TableRow
              key={row.id}
              row={row}
              index={index}
              onOpen={props.onOpen}
              {...props.mark(row.original)}
            />
          )
        })}
        <Spacer height={range.after} />
      </tbody>
    </table>
  )
}
