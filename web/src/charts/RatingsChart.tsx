import type { Ratings } from '../../../src/questions/ratings.ts'
import { formatAverage, formatCompact, formatCount, formatRating, formatShare } from '../format/numbers.ts'
import { acrossTooltip, amountAxis, grid, nameAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

interface Props {
  asked: Asked
  answer: Ratings | undefined
  onPick(stars: number): void
}

const STARS = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]

const countsOf = ({ ratings }: Ratings) =>
  STARS.map((stars) => ratings.find((each) => each.rating === stars)?.listens ?? 0)

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

function optionOf(counts: readonly number[], palette: Palette) {
  const rated = sum(counts)
  return {
    grid,
    xAxis: nameAxis(
      palette,
      STARS.map((stars) => `${formatRating(stars)} ★`),
    ),
    yAxis: { ...amountAxis(palette, formatCompact), minInterval: 1 },
    tooltip: {
      ...acrossTooltip(palette, 'shadow'),
      formatter: (points: { dataIndex: number }[]) => {
        const at = points[0]?.dataIndex ?? 0
        return tip(
          `${formatRating(STARS[at] ?? 0)} of 5 stars`,
          [
            { name: 'Plays', value: formatCount(counts[at] ?? 0) },
            { name: 'Of those rated', value: rated === 0 ? '–' : formatShare((counts[at] ?? 0) / rated) },
          ],
          'Click to filter',
        )
      },
    },
    series: [
      {
        id: 'ratings',
        type: 'bar' as const,
        cursor: 'pointer',
        barCategoryGap: '22%',
        emphasis: { disabled: true },
        itemStyle: { color: palette.series[2], borderRadius: [3, 3, 0, 0] },
        data: [...counts],
      },
    ],
  }
}

const figuresOf = (counts: readonly number[], onPick: Props['onPick']): Figures => ({
  columns: [
    { label: 'Rating (stars)', show: (value) => formatRating(Number(value)) },
    { label: 'Plays', show: (value) => formatCount(Number(value)) },
  ],
  rows: STARS.map((stars, at) => ({
    key: String(stars),
    values: [stars, counts[at] ?? 0],
    pick: () => onPick(stars),
  })),
})

/** Distribution of ratings. */
export function RatingsChart({ asked, answer, onPick }: Props) {
  const palette = usePalette()
  const counts = answer && countsOf(answer)
  const rated = counts ? sum(counts) : 0
  const unrated = answer?.ratings.find(({ rating }) => rating === null)?.listens ?? 0
  const average =
    counts && rated > 0 ? sum(counts.map((count, at) => count * (STARS[at] ?? 0))) / rated : undefined
  return (
    <ChartFrame
      id="ratings"
      title="Ratings"
      help="Plays by rating, in steps of half a star. Plays without a rating are not included."
      asked={asked}
      figures={counts && (rated > 0 ? figuresOf(counts, onPick) : { columns: [], rows: [] })}
      height={230}
      empty="Nothing was rated in this time."
      marks={
        counts && {
          option: optionOf(counts, palette),
          summary: `${formatCount(rated)} ratings${average === undefined ? '' : `, ${formatAverage(average)} of 5 on average`}.`,
          onPickAt: (at) => onPick(STARS[at] ?? 0),
        }
      }
      legend={
        average !== undefined && (
          <span>
            <strong>{formatAverage(average)}</strong> of 5 on average; {formatCount(rated)} of{' '}
            {formatCount(rated + unrated)} plays rated
          </span>
        )
      }
    />
  )
}
