import type { RowData } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { QueryTableProps } from './QueryTable.tsx'
import { freshStyle, useFreshDelay } from './TableRow.tsx'
import type { RowRange } from './TableRows.tsx'

interface CardProps {
  freshSince: number | undefined
  own: boolean
  id: string
  position: number
  of: number
  onOpen(): void
  children: ReactNode
}

function Card({ freshSince, own, id, position, of, onOpen, children }: CardProps) {
  const freshDelay = useFreshDelay(freshSince)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button in the card does the same by keyboard
    <li
      className="listen-card"
      data-row-id={id}
      data-fresh={freshDelay !== undefined || undefined}
      data-own={own || undefined}
      aria-posinset={position}
      aria-setsize={of}
      style={freshStyle(freshDelay)}
      onClick={onOpen}
    >
      {children}
    </li>
  )
}

/** The rows as a list of cards, of which only those in sight are drawn. */
export function CardRows<Row extends RowData>(props: QueryTableProps<Row> & { range: RowRange }) {
  const { rows, rowId, range } = props
  return (
    <ul
      className="listen-cards"
      aria-label={props.label}
      style={{ paddingTop: range.before, paddingBottom: range.after }}
    >
      {range.items.map(({ index }) => {
        const row = rows[index]
        if (row === undefined) return null
        return (
          <Card
            key={rowId(row)}
            id={rowId(row)}
            position={index + 1}
            of={props.more.wanted ? -1 : rows.length}
            onOpen={() => props.onOpen(row)}
            {...props.mark(row)}
          >
            {props.card(row)}
          </Card>
        )
      })}
    </ul>
  )
}
