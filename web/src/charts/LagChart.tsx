import type { PipelineState } from '../api/answers.ts'
import { formatCompact, formatCount } from '../format/numbers.ts'
import { formatClock } from '../format/when.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { Legend } from './Legend.tsx'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

type History = PipelineState['history']

const records = (lag: number | null) => (lag === null ? '–' : formatCount(lag))

function optionOf(history: History, palette: Palette) {
  const colour = palette.series[2] ?? ''
  return {
    grid,
    xAxis: nameAxis(
      palette,
      history.map(({ at }) => formatClock(at)),
      false,
    ),
    yAxis: { ...amountAxis(palette, formatCompact), minInterval: 1 },
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const sample = history[points[0]?.dataIndex ?? -1]
        return sample === undefined
          ? ''
          : tip(formatClock(sample.at), [{ colour, name: 'Records waiting', value: records(sample.lag) }])
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

const figuresOf = (history: History): Figures => ({
  columns: [
    { label: 'Time', show: (value) => formatClock(Number(value)) },
    { label: 'Lag (records)', show: (value) => records(value === null ? null : Number(value)) },
  ],
  rows: history.map((sample) => ({ key: String(sample.at), values: [sample.at, sample.lag] })).reverse(),
})

/** How many records wait in the topic. */
export function LagChart({ asked, history }: { asked: Asked; history: History | undefined }) {
  const palette = usePalette()
  return (
    <ChartFrame
      id="lag"
      title="Lag"
      help="Records between the end of the topic and the consumer group’s committed offsets, over all partitions, every 5 seconds over the last half hour. A lag that stays near nothing is well; one that grows means that more arrives than is stored."
      asked={asked}
      figures={history && figuresOf(history)}
      height={220}
      empty="The first figures come in a few seconds."
      marks={
        history && {
          option: optionOf(history, palette),
          summary: `Lag over the last half hour; now ${records(history.at(-1)?.lag ?? null)} records wait.`,
        }
      }
      legend={
        <Legend items={[{ name: 'Records that wait', colour: palette.series[2] ?? '', line: 'solid' }]} />
      }
    />
  )
}
