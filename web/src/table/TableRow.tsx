import { FlexRender, type Row, type RowData } from '@tanstack/react-table'
import { type CSSProperties, memo, type ReactElement, useState } from 'react'
import type { features } from './column.ts'

interface Props<Data extends RowData> {
  row: Row<typeof features, Data>
  /** Where the row stands among all rows, for those who cannot see that only some are drawn. */
  index: number
  freshSince: number | undefined
  own: boolean
  onOpen(row: Data): void
}

/** How far into its fading mark a row is; counted from when it is drawn, as scrolling back draws it again. */
export function useFreshDelay(freshSince: number | undefined): string | undefined {
  const [drawn] = useState(() => performance.now())
  return freshSince === undefined ? undefined : `${Math.round(Math.min(0, freshSince - drawn))}ms`
}

/** As a custom property, because the cells fade and not the row: pinned ones must not be seen through. */
export const freshStyle = (delay: string | undefined) =>
  delay === undefined ? undefined : ({ '--fresh-delay': delay } as CSSProperties)

function PlainTableRow<Data extends RowData>({ row, index, freshSince, own, onOpen }: Props<Data>) {
  const freshDelay = useFreshDelay(freshSince)
  return (
    <tr
      className="listen-row"
      aria-rowindex={index + 2}
      data-row-id={row.id}
      data-fresh={freshDelay !== undefined || undefined}
      data-own={own || undefined}
      style={freshStyle(freshDelay)}
      onClick={() => onOpen(row.original)}
    >
      {row.getAllCells().map((cell) => {
        const layout = cell.column.columnDef.meta
        return (
          <td key={cell.id} className={layout?.pinned ? 'cell pinned' : 'cell'} data-align={layout?.align}>
            <FlexRender cell={cell} />
          </td>
        )
      })}
    </tr>
  )
}

// Rows hold the same listen for as long as they live, so one that only moved need not be drawn again.
export const TableRow = memo(
  PlainTableRow,
  (before, after) =>
    before.row.original === after.row.original &&
    before.index === after.index &&
    before.freshSince === after.freshSince &&
    before.own === after.own,
) as unknown as <Data extends RowData>(props: Props<Data>) => ReactElement
