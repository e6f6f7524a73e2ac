import { Icon } from '../ui/Icon.tsx'
import type { Order } from '../view/view-state.ts'
import type { ColumnLayout } from './column.ts'

interface Props {
  label: string
  layout: ColumnLayout
  /** The order in which the table is sorted by this column; undefined where it is not. */
  order: Order | undefined
  onSort(order: Order): void
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const
const OTHER = { asc: 'desc', desc: 'asc' } as const

export function HeaderCell({ label, layout, order, onSort }: Props) {
  const name = layout.describe ?? label
  return (
    <th
      scope="col"
      aria-sort={order ? ARIA_SORT[order] : 'none'}
      className={layout.pinned ? 'head-cell pinned' : 'head-cell'}
      data-align={layout.align}
    >
      <button
        type="button"
        className="sort-button"
        aria-label={name}
        title={`Sort by ${name.toLowerCase()}`}
        onClick={() => onSort(order ? OTHER[order] : (layout.firstOrder ?? 'asc'))}
      >
        <span className="text-truncate">{label}</span>
        <span className="sort-mark" data-active={order !== undefined}>
          <Icon name={order === 'asc' ? 'arrowUp' : 'arrowDown'} size={13} />
        </span>
      </button>
    </th>
  )
}
