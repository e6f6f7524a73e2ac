import type { PipelineState } from '../api/answers.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from '../charts/axes.ts'
import { type Asked, ChartFrame } from '../charts/ChartFrame.tsx'
import type { Figures } from '../charts/figures.ts'
import { Legend } from '../charts/Legend.tsx'
import { type Palette, usePalette } from '../charts/palette.ts'
import { tip } from '../charts/tip.ts'
import { formatCompact, formatCount } from '../format/numbers.ts'
import { momentOf, SPANS, type Span } from './span.ts'

type History = PipelineState['history']

interface Props {
  asked: Asked
  history: History | undefined
  span: Span
}

const records = (lag: number | null) => (lag === null ? '–' : formatCount(lag))

function optionOf(history: History, span: Span, palette: Palette) {
  const moment = momentOf(span)
  const colour = palette.series[2] ?? ''
  return {
    grid,
    xAxis: nameAxis(
      palette,
      history.map(({ at }) => moment(at)),
      false,
    ),
    yAxis: { ...amountAxis(palette, formatCompact), minInterval: 1 },
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const sample = history[points[0]?.dataIndex ?? -1]
        return sample === undefined
          ? ''
          : tip(moment(sample.at), [{ colour, name: 'Records waiting', value: records(sample.lag) }])
      },
    },
    series: [
      {
        ...line(colour),
        id: 'lag',
        areaStyle: { color: colour, opacity: 0.15 },
        data: history.map(({ lag }) => lag),
      },
    ],
  }
}

const figuresOf = (history: History, span: Span): Figures => ({
  columns: [
    { label: 'Time', show: (value) => momentOf(span)(Number(value)) },
    { label: 'Lag (records)', show: (value) => records(value === null ? null : Number(value)) },
  ],
  rows: history.map((sample) => ({ key: String(sample.at), values: [sample.at, sample.lag] })).reverse(),
})

/** How many records wait in the topic. */
export function LagChart({ asked, history, span }: Props) {
  const palette = usePalette()
  return (
    <ChartFrame
      id="lag"
      title="Lag"
      help={`Records on the topic that are not handled yet, in all partitions, over ${SPANS[span].title}. Healthy: lag stays near zero. If it grows, records arrive faster than they are stored.`}
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
          summary: `Lag over ${SPANS[span].title}; now ${records(history.at(-1)?.lag ?? null)} records wait.`,
        }
      }
      legend={<Legend items={[{ name: 'Lag', colour: palette.series[2] ?? '', line: 'solid' }]} />}
    />
  )
}
