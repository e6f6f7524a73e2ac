import type { OverTime } from '../../../src/questions/over-time.ts'
import { formatBucket, formatBucketShort } from '../format/buckets.ts'
import { formatChange } from '../format/numbers.ts'
import { type Measure, STACKS, type Stack } from '../view/view-state.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { Legend } from './Legend.tsx'
import { amountLabel, amountOf, showAmount, showAxis } from './measure.ts'
import { type Palette, usePalette } from './palette.ts'
import { besideBefore } from './period-before.ts'
import { type TipLine, tip } from './tip.ts'

interface Props {
  asked: Asked
  answer: OverTime | undefined
  /** The same part of the period before; undefined without a comparison. */
  before: OverTime | undefined
  measure: Measure
  stack: Stack
  zone: string
  onStack(stack: Stack): void
  /**
   * Called with the chosen bucket (start and end in seconds since 1970) and the part of its stack.
   */
  onPick(from: number, to: number, value?: string): void
  /** Called with the chosen value of the stacking field. */
  onPickValue(value: string): void
}

const STACK_NAME: Record<Stack, string> = {
  none: 'All plays',
  platform: 'By platform',
  genre: 'By genre',
  mood: 'By mood',
}

const OTHERS = 'All others'
const PREVIOUS = 'Previous period'

interface Shown {
  names: string[]
  colours: string[]
  /** By series, then by bucket. */
  amounts: number[][]
  totals: number[]
  previous: (number | null)[] | undefined
}

function shownOf(answer: OverTime, { before, measure, zone }: Props, palette: Palette): Shown {
  const series = answer.series.map(({ value, buckets }) => ({
    name: value ?? OTHERS,
    colour: value === null ? palette.other : undefined,
    amounts: buckets.map((bucket) => amountOf(measure, bucket)),
  }))
  const totals = answer.buckets.map((bucket) => amountOf(measure, bucket))
  const stacked = series.length > 0 ? series : [{ name: 'Plays', colour: undefined, amounts: totals }]
  return {
    names: stacked.map(({ name }) => name),
    colours: stacked.map(({ colour }, at) => colour ?? palette.series[at % palette.series.length] ?? ''),
    amounts: stacked.map(({ amounts }) => amounts),
    totals,
    previous:
      before &&
      besideBefore(answer, before, zone).map((bucket) => (bucket ? amountOf(measure, bucket) : null)),
  }
}

function optionOf(answer: OverTime, shown: Shown, { measure, zone }: Props, palette: Palette) {
  const { buckets, unit } = answer
  const lines = (at: number): TipLine[] => {
    const now = shown.totals[at] ?? 0
    const before = shown.previous?.[at]
    const parts = shown.names
      .map((name, index) => ({
        name,
        colour: shown.colours[index] ?? '',
        amount: shown.amounts[index]?.[at] ?? 0,
      }))
      .filter(({ amount }) => amount > 0 || shown.names.length === 1)
      .map(({ amount, ...part }) => ({ ...part, value: showAmount(measure, amount) }))
    if (parts.length > 1)
      parts.push({ name: 'Total', colour: 'transparent', value: showAmount(measure, now) })
    if (before === null || before === undefined) return parts
    const change = formatChange(now, before)
    return [
      ...parts,
      {
        name: PREVIOUS,
        colour: palette.muted,
        value: showAmount(measure, before) + (change === undefined ? '' : ` (${change})`),
      },
    ]
  }
  return {
    grid,
    xAxis: nameAxis(
      palette,
      buckets.map(({ start }) => formatBucketShort(start, unit, zone)),
    ),
    yAxis: amountAxis(palette, showAxis(measure)),
    tooltip: {
      ...acrossTooltip(palette, 'shadow'),
      formatter: (points: { dataIndex: number }[]) => {
        const at = points[0]?.dataIndex ?? -1
        const bucket = buckets[at]
        return bucket ? tip(formatBucket(bucket.start, unit, zone), lines(at), 'Click for these listens') : ''
      },
    },
    series: [
      ...shown.amounts.map((amounts, index) => ({
        id: shown.names[index],
        name: shown.names[index],
        type: 'bar' as const,
        stack: 'now',
        barMaxWidth: 48,
        barCategoryGap: '18%',
        cursor: 'pointer',
        emphasis: { disabled: true },
        itemStyle: { color: shown.colours[index] },
        data: amounts,
      })),
      ...(shown.previous
        ? [{ ...line(palette.muted, true), id: PREVIOUS, name: PREVIOUS, silent: true, data: shown.previous }]
        : []),
    ],
  }
}

function figuresOf(answer: OverTime, shown: Shown, { measure, zone, onPick }: Props): Figures {
  const show = (value: unknown) => (value === null ? '–' : showAmount(measure, Number(value)))
  const stacked = shown.names.length > 1
  return {
    columns: [
      { label: 'Time' },
      { label: amountLabel(measure), show },
      ...(stacked ? shown.names.map((label) => ({ label, show })) : []),
      ...(shown.previous ? [{ label: PREVIOUS, show }] : []),
    ],
    rows: answer.buckets.map((bucket, at) => ({
      key: String(bucket.start),
      values: [
        formatBucket(bucket.start, answer.unit, zone),
        shown.totals[at] ?? 0,
        ...(stacked ? shown.amounts.map((amounts) => amounts[at] ?? 0) : []),
        ...(shown.previous ? [shown.previous[at] ?? null] : []),
      ],
      pick: () => onPick(bucket.start, bucket.end),
    })),
  }
}

/**
 * The part of a bar at a height; undefined above the bar, in the group "Other", and without
 * stacking.
 */
function partAt({ names, amounts }: Shown, bucket: number, height: number): string | undefined {
  if (names.length < 2) return undefined
  let top = 0
  const part = amounts.findIndex((series) => {
    top += series[bucket] ?? 0
    return height < top
  })
  return names[part] === OTHERS ? undefined : names[part]
}

/** Plays over time, whole or stacked, beside the period before. */
export function OverTimeChart(props: Props) {
  const { asked, answer, measure, stack, onStack, onPick, onPickValue } = props
  const palette = usePalette()
  const shown = answer && shownOf(answer, props, palette)
  const total = shown?.totals.reduce((sum, amount) => sum + amount, 0) ?? 0
  return (
    <ChartFrame
      id="over-time"
      title={measure === 'plays' ? 'Plays over time' : 'Listening time over time'}
      help="Each bar is an hour, a day or a month of the chosen time zone. Listening time is the sum of how far each play got. The dashed line is the previous period. Stacked: the top seven; the rest are grouped as All others."
      asked={asked}
      figures={answer && shown && (total > 0 ? figuresOf(answer, shown, props) : { columns: [], rows: [] })}
      height={300}
      controls={
        <select
          className="form-select"
          aria-label="Stacked"
          value={stack}
          onChange={(event) => onStack(STACKS.find((name) => name === event.target.value) ?? 'none')}
        >
          {STACKS.map((name) => (
            <option key={name} value={name}>
              {STACK_NAME[name]}
            </option>
          ))}
        </select>
      }
      marks={
        answer &&
        shown && {
          option: optionOf(answer, shown, props, palette),
          summary: `${measure === 'plays' ? 'Plays' : 'Listening time'} over time: ${showAmount(measure, total)} in ${answer.buckets.length} bars.`,
          onPickAt: (at, height) => {
            const bucket = answer.buckets[at]
            if (bucket) onPick(bucket.start, bucket.end, partAt(shown, at, height))
          },
        }
      }
      legend={
        shown && (
          <Legend
            items={[
              ...(shown.names.length > 1
                ? shown.names.map((name, at) => ({
                    name,
                    colour: shown.colours[at] ?? '',
                    pick: name === OTHERS ? undefined : () => onPickValue(name),
                  }))
                : [{ name: amountLabel(measure), colour: shown.colours[0] ?? '' }]),
              ...(shown.previous ? [{ name: PREVIOUS, colour: palette.muted, line: 'dashed' as const }] : []),
            ]}
          />
        )
      }
    />
  )
}
