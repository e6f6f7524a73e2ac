import { useQuery } from '@tanstack/react-query'
import type { TopQuery } from '../../../src/questions/top.ts'
import { top } from '../api/questions.ts'
import { amountLabel, amountOf, showAmount } from '../charts/measure.ts'
import { type Ranked, RankedList } from '../charts/RankedList.tsx'
import { FILTER_NAME, type FilterKey } from '../view/filter.ts'
import { type Chosen, pageUrl } from '../view/urls.ts'
import { aboutNothing, type View } from '../view/view-state.ts'

export type TopBy = Extract<TopQuery['by'], FilterKey | 'song'>

interface Props {
  by: TopBy
  title: string
  view: View
  chosen: Chosen
  /** Total of all plays. */
  total: number | undefined
  onPick(changes: readonly (readonly [FilterKey, string])[]): void
  rows?: number
}

/** The top values of a field by plays or listening time. */
export function TopList({ by, title, view, chosen, total, onPick, rows = 8 }: Props) {
  const { measure } = view
  const asked = useQuery(top(chosen, by, measure, rows))
  const about = aboutNothing(view)
  const key: FilterKey = by === 'song' ? 'title' : by
  const ranked = asked.data?.values.map((each): Ranked => {
    const { value, label } = each
    const shared = { amount: amountOf(measure, each), chosen: view.filters[key]?.includes(value) ?? false }
    if (by === 'song')
      return {
        ...shared,
        key: `${value}\n${label}`,
        name: value,
        detail: label,
        href: pageUrl('song', { ...about, filters: { title: [value], artist: [label] } }),
        // The artist may be what the page is about: that is not to be undone.
        pick: () =>
          onPick([
            ['title', value],
            ...(view.filters.artist?.includes(label) ? [] : [['artist', label] as const]),
          ]),
      }
    return {
      ...shared,
      key: value,
      name: by === 'user' ? label : value,
      ...(by === 'artist' ? { href: pageUrl('artist', { ...about, filters: { artist: [value] } }) } : {}),
      pick: () => onPick([[key, value]]),
    }
  })
  return (
    <RankedList
      id={`top-${by}`}
      title={title}
      help={`The ${title.toLowerCase()} with most ${measure === 'plays' ? 'plays' : 'listening time'}, and their share of the total. Click one to filter.`}
      asked={asked}
      ranked={ranked}
      total={total}
      nameLabel={by === 'song' ? 'Song' : FILTER_NAME[key]}
      amountLabel={amountLabel(measure)}
      show={(amount) => showAmount(measure, amount)}
      rows={rows}
    />
  )
}
