import type { PipelineState } from '../api/answers.ts'
import { acrossTooltip, amountAxis, grid, line, nameAxis } from '../charts/axes.ts'
import { type Asked, ChartFrame } from '../charts/ChartFrame.tsx'
import type { Figures } from '../charts/figures.ts'
import { Legend } from '../charts/Legend.tsx'
import { type Palette, usePalette } from '../charts/palette.ts'
import { tip } from '../charts/tip.ts'
import { momentOf, type Span } from './span.ts'

type History = PipelineState['history']

export interface HistoryProps {
  asked: Asked
  history: History | undefined
  span: Span
}

interface Series {
  key: 'arrived' | 'handled' | 'lag'
  name: string
  /** Name in the table, with the unit. */
  label: string
  /** Name in the legend. */
  legend: string
  /** Position in the palette. */
  colour: number
  dashed?: boolean
  filled?: boolean
}

interface Props extends HistoryProps {
  id: string
  title: string
  help: string
  series: readonly Series[]
  show(value: number): string
  /** Follows an amount where no heading has the unit. */
  unit?: string
  /** How the axis writes an amount. */
  showAxis(value: number): string
  /** Whether the axis has no fractions. */
  whole?: boolean
  summary(latest: History[number] | undefined): string
}

/** An amount; a dash where it is unknown. */
export const shown = (value: number | null | undefined, show: (value: number) => string) =>
  value === null || value === undefined ? '–' : show(value)

const colourOf = (palette: Palette, { colour }: Series) => palette.series[colour] ?? ''

function optionOf(history: History, props: Props, palette: Palette) {
  const { span, series, show, unit = '', showAxis, whole } = props
  const moment = momentOf(span)
  return {
    grid,
    xAxis: nameAxis(
      palette,
      history.map(({ at }) => moment(at)),
      false,
    ),
    yAxis: { ...amountAxis(palette, showAxis), ...(whole ? { minInterval: 1 } : {}) },
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const sample = history[points[0]?.dataIndex ?? -1]
        if (sample === undefined) return ''
        const lines = series.map((each) => ({
          name: each.name,
          colour: colourOf(palette, each),
          value: shown(sample[each.key], (value) => show(value) + unit),
        }))
        return tip(moment(sample.at), lines)
      },
    },
    series: series.map((each) => ({
      ...line(colourOf(palette, each), each.dashed),
      ...(each.filled ? { areaStyle: { color: colourOf(palette, each), opacity: 0.15 } } : {}),
      id: each.key,
      name: each.name,
      data: history.map((sample) => sample[each.key]),
    })),
  }
}

const figuresOf = (history: History, { span, series, show }: Props): Figures => ({
  columns: [
    { label: 'Time', show: (value) => momentOf(span)(Number(value)) },
    ...series.map(({ label }) => ({
      label,
      show: (value: string | number | null) => shown(value === null ? null : Number(value), show),
    })),
  ],
  rows: history
    .map((sample) => ({
      key: String(sample.at),
      values: [sample.at, ...series.map(({ key }) => sample[key])],
    }))
    .reverse(),
})

/** Lines of the pipeline over the chosen span. */
export function HistoryChart(props: Props) {
  const { id, title, help, asked, history, span, series, summary } = props
  const palette = usePalette()
  return (
    <ChartFrame
      id={id}
      title={title}
      help={help}
      asked={asked}
      figures={history && figuresOf(history, props)}
      height={220}
      empty={
        span === 'half-hour'
          ? 'The first figures appear in a few seconds.'
          : 'The first figures appear in a minute.'
      }
      marks={history && { option: optionOf(history, props, palette), summary: summary(history.at(-1)) }}
      legend={
        <Legend
          items={series.map((each) => ({
            name: each.legend,
            colour: colourOf(palette, each),
            line: each.dashed ? 'dashed' : 'solid',
          }))}
        />
      }
    />
  )
}
