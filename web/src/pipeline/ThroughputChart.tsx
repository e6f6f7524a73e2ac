import type { PipelineState } from '../api/answers.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from '../charts/axes.ts'
import { type Asked, ChartFrame } from '../charts/ChartFrame.tsx'
import type { Figures } from '../charts/figures.ts'
import { Legend } from '../charts/Legend.tsx'
import { type Palette, usePalette } from '../charts/palette.ts'
import { tip } from '../charts/tip.ts'
import { formatCompact, formatRate } from '../format/numbers.ts'
import { momentOf, SPANS, type Span } from './span.ts'

type History = PipelineState['history']

interface Props {
  asked: Asked
  history: History | undefined
  span: Span
}

const SERIES = [
  ['Arrived', 'arrived'],
  ['Handled', 'handled'],
] as const

const perSecond = (value: number | null) => (value === null ? '–' : `${formatRate(value)} /s`)

function optionOf(history: History, span: Span, palette: Palette) {
  const moment = momentOf(span)
  const colours = [palette.series[0] ?? '', palette.series[1] ?? '']
  return {
    grid,
    xAxis: nameAxis(
      palette,
      history.map(({ at }) => moment(at)),
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
              moment(sample.at),
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

const figuresOf = (history: History, span: Span): Figures => ({
  columns: [
    { label: 'Time', show: (value) => momentOf(span)(Number(value)) },
    { label: 'Arrived (records/s)', show: (value) => (value === null ? '–' : formatRate(Number(value))) },
    { label: 'Handled (records/s)', show: (value) => (value === null ? '–' : formatRate(Number(value))) },
  ],
  rows: history
    .map((sample) => ({ key: String(sample.at), values: [sample.at, sample.arrived, sample.handled] }))
    .reverse(),
})

/** How many records a second the topic is given, and how many are handled. */
export function ThroughputChart({ asked, history, span }: Props) {
  const palette = usePalette()
  const latest = history?.at(-1)
  return (
    <ChartFrame
      id="throughput"
      title="Throughput"
      help={`Records per second over ${SPANS[span].title}. ${
        span === 'half-hour'
          ? 'Arrived: records added to the topic. Handled: records that the consumer group has committed: stored, dropped or dead-lettered.'
          : 'Arrived: records read by all pipeline processes. Handled: records stored, dropped or dead-lettered.'
      }`}
      asked={asked}
      figures={history && figuresOf(history, span)}
      height={220}
      empty={
        span === 'half-hour'
          ? 'The first figures appear in a few seconds.'
          : 'The first figures appear in a minute.'
      }
      marks={
        history && {
          option: optionOf(history, span, palette),
          summary: `Throughput over ${SPANS[span].title}; now ${perSecond(latest?.arrived ?? null)} arrive and ${perSecond(latest?.handled ?? null)} are handled.`,
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
