import type { ReactNode } from 'react'
import { formatShare } from '../format/numbers.ts'
import { Link } from '../ui/Link.tsx'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'

export interface Ranked {
  key: string
  name: string
  /** Distinguishes entries with the same name, such as the artist of a song. */
  detail?: string
  amount: number
  /** Filters by it. */
  pick(): void
  /** Link to its page, if it has one. */
  href?: string
  /** Whether the view is filtered by it. */
  chosen?: boolean
  mark?: ReactNode
}

interface Props {
  id: string
  title: string
  help: string
  asked: Asked
  /** Largest first; undefined until there is an answer. */
  ranked: readonly Ranked[] | undefined
  /** Total of all entries; shares refer to it. */
  total?: number | undefined
  amountLabel: string
  nameLabel: string
  show(amount: number): string
  rows?: number
  controls?: ReactNode
}

const ROW_PX = 34

/** Names in order of their amounts, as bars in a table without a canvas. */
export function RankedList(props: Props) {
  const { ranked, total, show, rows = 8 } = props
  const most = Math.max(0, ...(ranked?.map(({ amount }) => amount) ?? []))
  const figures: Figures | undefined = ranked && {
    columns: [
      { label: props.nameLabel },
      ...(ranked.some(({ detail }) => detail !== undefined) ? [{ label: 'Artist' }] : []),
      { label: props.amountLabel, show: (value) => show(Number(value)) },
    ],
    rows: ranked.map(({ key, name, detail, amount, pick }) => ({
      key,
      values: detail === undefined ? [name, amount] : [name, detail, amount],
      pick,
    })),
  }
  return (
    <ChartFrame
      id={props.id}
      title={props.title}
      help={props.help}
      asked={props.asked}
      figures={figures}
      height={rows * ROW_PX + 8}
      controls={props.controls}
    >
      <ol className="ranked" aria-label={props.title}>
        {ranked?.slice(0, rows).map(({ key, name, detail, amount, pick, href, chosen }) => (
          <li key={key} className="ranked-row" data-chosen={chosen || undefined}>
            <span className="ranked-bar" style={{ width: `${most === 0 ? 0 : (100 * amount) / most}%` }} />
            <button
              type="button"
              className="ranked-name"
              title={`${chosen ? 'No longer only' : 'Only'} ${name}`}
              aria-pressed={chosen ?? false}
              onClick={pick}
            >
              <span className="clipped">
                {name}
                {detail !== undefined && <span className="ranked-detail"> {detail}</span>}
              </span>
            </button>
            {href !== undefined && (
              <Link
                className="ranked-open"
                href={href}
                aria-label={`Page of ${name}`}
                title={`Page of ${name}`}
              >
                →
              </Link>
            )}
            <span className="ranked-share">{total ? formatShare(amount / total) : ''}</span>
            <span className="ranked-amount">{show(amount)}</span>
          </li>
        ))}
      </ol>
    </ChartFrame>
  )
}
