import type { ECElementEvent } from 'echarts/core'
import type { MoodGenre } from '../../../src/questions/mood-genre.ts'
import type { Measure } from '../view/view-state.ts'
import { nameAxis, tooltip } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { HeatScale } from './HeatScale.tsx'
import { heatField, heatScale } from './heat.ts'
import { amountLabel, amountOf, showAmount } from './measure.ts'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

interface Props {
  asked: Asked
  answer: MoodGenre | undefined
  measure: Measure
  onPick(mood: string, genre: string): void
}

type Cell = MoodGenre['cells'][number]

const MOST = 12

/** The names with the largest amounts, in descending order. */
function leading(cells: readonly Cell[], name: (cell: Cell) => string, measure: Measure): string[] {
  const sums = new Map<string, number>()
  for (const cell of cells) sums.set(name(cell), (sums.get(name(cell)) ?? 0) + amountOf(measure, cell))
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST)
    .map(([value]) => value)
}

function shownOf({ cells }: MoodGenre, measure: Measure) {
  const moods = leading(cells, ({ mood }) => mood, measure)
  const genres = leading(cells, ({ genre }) => genre, measure)
  const shown = cells.filter(({ mood, genre }) => moods.includes(mood) && genres.includes(genre))
  return { moods, genres, cells: shown, most: Math.max(0, ...shown.map((cell) => amountOf(measure, cell))) }
}

type Shown = ReturnType<typeof shownOf>

function optionOf({ moods, genres, cells, most }: Shown, measure: Measure, palette: Palette) {
  const axis = nameAxis(palette, [])
  const label = { ...axis.axisLabel, width: 84, overflow: 'truncate' as const, interval: 0 }
  const bare = { axisLine: { show: false } }
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: 'same' as const },
    xAxis: { ...axis, ...bare, data: genres, axisLabel: { ...label, rotate: 35 } },
    yAxis: { ...axis, ...bare, data: moods, axisLabel: label, inverse: true },
    visualMap: heatScale(palette, most),
    tooltip: {
      ...tooltip(palette),
      formatter: ({ value: [genre, mood, amount] }: { value: [number, number, number] }) =>
        tip(
          `${moods[mood] ?? ''} · ${genres[genre] ?? ''}`,
          [{ name: amountLabel(measure), value: showAmount(measure, amount) }],
          'Click to filter by both',
        ),
    },
    series: [
      {
        ...heatField(palette),
        id: 'moods',
        cursor: 'pointer',
        data: cells.map((cell) => [
          genres.indexOf(cell.genre),
          moods.indexOf(cell.mood),
          amountOf(measure, cell),
        ]),
      },
    ],
  }
}

const figuresOf = ({ cells }: Shown, { measure, onPick }: Props): Figures => ({
  columns: [
    { label: 'Mood' },
    { label: 'Genre' },
    { label: amountLabel(measure), show: (value) => showAmount(measure, Number(value)) },
  ],
  rows: cells
    .map((cell) => ({
      key: `${cell.mood}\n${cell.genre}`,
      values: [cell.mood, cell.genre, amountOf(measure, cell)] as const,
      pick: () => onPick(cell.mood, cell.genre),
    }))
    .sort((a, b) => b.values[2] - a.values[2]),
})

/** Plays by genre and mood. */
export function MoodGenreChart(props: Props) {
  const { asked, answer, measure, onPick } = props
  const palette = usePalette()
  const shown = answer && shownOf(answer, measure)
  return (
    <ChartFrame
      id="mood-genre"
      title="Mood and genre"
      help="Plays of each genre in each mood, for the top twelve genres and moods."
      asked={asked}
      figures={shown && figuresOf(shown, props)}
      height={340}
      marks={
        shown && {
          option: optionOf(shown, measure, palette),
          summary: `${amountLabel(measure)} by mood and genre; the most together is ${showAmount(measure, shown.most)}.`,
          onPick: ({ value }: ECElementEvent) => {
            const [genre, mood] = value as [number, number]
            const [moodName, genreName] = [shown.moods[mood], shown.genres[genre]]
            if (moodName !== undefined && genreName !== undefined) onPick(moodName, genreName)
          },
        }
      }
      legend={
        shown && (
          <HeatScale most={`${showAmount(measure, shown.most)}${measure === 'plays' ? ' plays' : ''}`} />
        )
      }
    />
  )
}
