import type { PipelineState } from '../api/answers.ts'
import { formatCompact, formatRate } from '../format/numbers.ts'
import { formatClock } from '../format/when.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { Legend } from './Legend.tsx'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

type History = PipelineState['history']

const SERIES = [
  ['Arrived', 'arrived'],
  ['Handled', 'handled'],
] as const

const perSecond = (value: number | null) => (value === null ? '–' : `${formatRate(value)} /s`)

function optionOf(history: History, palette: Palette) {
  const colours = [palette.series[0] ?? '', palette.series[1] ?? '']
  return {
    grid,
    xAxis: nameAxis(
      palette,
      history.map(({ at }) => formatClock(at)),
      false,
    ),
    yAxis: amountAxis(palette, (value) => `${formatCompact(value)}/s`),
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const sample = history[points[0]?.dataIndex ?? -1]
        return sample === undefined
          ? ''
          : tip(
              formatClock(sample.at),
              SERIES.map(([name, key], at) => ({
                name,
                value: perSecond(sample[key]),
                ...(colours[at] ? { colour: colours[at] } : {}),
              })),
            )
      },
    },
    series: SERIES.map(([name, key], at) => ({
      ...line(colours[at] ?? '', at === 1),
      id: key,
      name,
      data: history.map((sample) => sample[key]),
    })),
  }
}

const figuresOf = (history: History): Figures => ({
  columns: [
    { label: 'Time', show: (value) => formatClock(Number(value)) },
    { label: 'Arrived (records/s)', show: (value) => (value === null ? '–' : formatRate(Number(value))) },
    { label: 'Handled (records/s)', show: (value) => (value === null ? '–' : formatRate(Number(value))) },
  ],
  rows: history
    .map((sample) => ({ key: String(sample.at), values: [sample.at, sample.arrived, sample.handled] }))
    .reverse(),
})

/** How many records a second the topic is given, and how many are handled. */
export function ThroughputChart({ asked, history }: { asked: Asked; history: History | undefined }) {
  const palette = usePalette()
  const latest = history?.at(-1)
  return (
    <ChartFrame
      id="throughput"
      title="Throughput"
      help="Records a second, every 5 seconds over the last half hour. Arrived: how far the ends of the topic’s partitions moved. Handled: how far the consumer group’s committed offsets moved, so stored, dropped or dead-lettered."
      asked={asked}
      figures={history && figuresOf(history)}
      height={220}
      empty="The first figures come in a few seconds."
      marks={
        history && {
          option: optionOf(history, palette),
          summary: `Throughput over the last half hour; now ${perSecond(latest?.arrived ?? null)} arrive and ${perSecond(latest?.handled ?? null)} are handled.`,
        }
      }
      legend={
        <Legend
          items={[
            { name: 'Arrived in the topic', colour: palette.series[0] ?? '', line: 'solid' },
            { name: 'Handled by the pipeline', colour: palette.series[1] ?? '', line: 'dashed' },
          ]}
        />
      }
    />
  )
}
