import type { OverTime } from '../../../src/questions/over-time.ts'
import { formatBucket, formatBucketShort } from '../format/buckets.ts'
import { formatCount, formatShare } from '../format/numbers.ts'
import { completionRate, showExactRate, skipRate } from '../format/rates.ts'
import { acrossTooltip, grid, line, nameAxis, shareAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { Legend } from './Legend.tsx'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

interface Props {
  asked: Asked
  answer: OverTime | undefined
  zone: string
  onPick(from: number, to: number): void
}

function optionOf({ buckets, unit }: OverTime, zone: string, palette: Palette) {
  const series = [
    { name: 'Completed', colour: palette.good, of: completionRate, dashed: false },
    { name: 'Skipped', colour: palette.bad, of: skipRate, dashed: true },
  ]
  return {
    grid,
    xAxis: nameAxis(
      palette,
      buckets.map(({ start }) => formatBucketShort(start, unit, zone)),
      false,
    ),
    yAxis: shareAxis(palette, formatShare),
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const bucket = buckets[points[0]?.dataIndex ?? -1]
        return bucket
          ? tip(
              formatBucket(bucket.start, unit, zone),
              [
                ...series.map(({ name, colour, of }) => ({ name, colour, value: showExactRate(of(bucket)) })),
                { name: 'Plays', colour: 'transparent', value: formatCount(bucket.listens) },
              ],
              'Click for these listens',
            )
          : ''
      },
    },
    series: series.map(({ name, colour, of, dashed }) => ({
      ...line(colour, dashed),
      id: name,
      name,
      // A single bucket makes no line.
      showSymbol: buckets.length === 1,
      data: buckets.map(of),
    })),
  }
}

const figuresOf = ({ buckets, unit }: OverTime, zone: string, onPick: Props['onPick']): Figures => ({
  columns: [
    { label: 'Time' },
    { label: 'Plays', show: (value) => formatCount(Number(value)) },
    { label: 'Completed (share)', show: (value) => showExactRate(value as number | null) },
    { label: 'Skipped (share)', show: (value) => showExactRate(value as number | null) },
  ],
  rows: buckets.map((bucket) => ({
    key: String(bucket.start),
    values: [
      formatBucket(bucket.start, unit, zone),
      bucket.listens,
      completionRate(bucket),
      skipRate(bucket),
    ],
    pick: () => onPick(bucket.start, bucket.end),
  })),
})

/** Completed and skipped plays as shares of all plays, over time. */
export function RatesChart({ asked, answer, zone, onPick }: Props) {
  const palette = usePalette()
  const plays = answer?.buckets.reduce((sum, { listens }) => sum + listens, 0) ?? 0
  return (
    <ChartFrame
      id="rates"
      title="Completion and skips"
      help="Completed: share of plays that reached at least 80 % of the track. Skipped: share of plays that the listener skipped. Times without plays have no value."
      asked={asked}
      figures={answer && (plays > 0 ? figuresOf(answer, zone, onPick) : { columns: [], rows: [] })}
      height={260}
      marks={
        answer && {
          option: optionOf(answer, zone, palette),
          summary: `Completion and skip rates over time, over ${formatCount(plays)} plays.`,
          onPickAt: (at) => {
            const bucket = answer.buckets[at]
            if (bucket) onPick(bucket.start, bucket.end)
          },
        }
      }
      legend={
        <Legend
          items={[
            { name: 'Completed', colour: palette.good, line: 'solid' },
            { name: 'Skipped', colour: palette.bad, line: 'dashed' },
          ]}
        />
      }
    />
  )
}
