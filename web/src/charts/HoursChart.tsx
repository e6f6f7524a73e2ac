import type { ECElementEvent } from 'echarts/core'
import type { Hours } from '../../../src/questions/hours.ts'
import { formatHourOfDay, formatWeekday } from '../format/week.ts'
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
  answer: Hours | undefined
  measure: Measure
  zone: string
  onPick(weekday: number, hour: number): void
}

// Monday first, and at the top of an axis that grows upwards.
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

function optionOf({ cells }: Hours, measure: Measure, most: number, palette: Palette) {
  const axis = nameAxis(palette, [])
  const bare = { axisLine: { show: false }, splitLine: { show: false } }
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: 'same' as const },
    xAxis: {
      ...axis,
      ...bare,
      data: HOURS.map(formatHourOfDay),
      axisLabel: { ...axis.axisLabel, interval: (at: number) => at % 3 === 0 },
    },
    yAxis: { ...axis, ...bare, data: WEEKDAYS.map((day) => formatWeekday(day, 'short')), inverse: true },
    visualMap: heatScale(palette, most),
    tooltip: {
      ...tooltip(palette),
      formatter: ({ value: [hour, day, amount] }: { value: [number, number, number] }) =>
        tip(
          `${formatWeekday(WEEKDAYS[day] ?? 1, 'long')}, ${formatHourOfDay(hour)} to ${formatHourOfDay(hour + 1)}`,
          [{ name: amountLabel(measure), value: showAmount(measure, amount) }],
          'Click to filter by this hour',
        ),
    },
    series: [
      {
        ...heatField(palette),
        id: 'hours',
        cursor: 'pointer',
        data: cells.map((cell) => [cell.hour, WEEKDAYS.indexOf(cell.weekday), amountOf(measure, cell)]),
      },
    ],
  }
}

const figuresOf = ({ cells }: Hours, { measure, onPick }: Props): Figures => ({
  columns: [
    { label: 'Weekday', show: (value) => formatWeekday(Number(value), 'long') },
    { label: 'Hour', show: (value) => formatHourOfDay(Number(value)) },
    { label: amountLabel(measure), show: (value) => showAmount(measure, Number(value)) },
  ],
  rows: cells.map((cell) => ({
    key: `${cell.weekday} ${cell.hour}`,
    values: [cell.weekday, cell.hour, amountOf(measure, cell)],
    pick: cell.listens > 0 ? () => onPick(cell.weekday, cell.hour) : undefined,
  })),
})

/** Listening by hour of the week. */
export function HoursChart(props: Props) {
  const { asked, answer, measure, zone, onPick } = props
  const palette = usePalette()
  const amounts = answer?.cells.map((cell) => amountOf(measure, cell)) ?? []
  const most = Math.max(0, ...amounts)
  return (
    <ChartFrame
      id="hours"
      title="When people listen"
      help={`By hour and weekday, in the time zone ${zone.replaceAll('_', ' ')}. Stronger colors mean more.`}
      asked={asked}
      figures={answer && (most > 0 ? figuresOf(answer, props) : { columns: [], rows: [] })}
      height={260}
      marks={
        answer && {
          option: optionOf(answer, measure, most, palette),
          summary: `${amountLabel(measure)} by hour and weekday; the most in one hour is ${showAmount(measure, most)}.`,
          onPick: ({ value }: ECElementEvent) => {
            const [hour, row, amount] = value as [number, number, number]
            // An empty hour has no listens to show.
            if (amount > 0) onPick(WEEKDAYS[row] ?? 1, hour)
          },
        }
      }
      legend={<HeatScale most={`${showAmount(measure, most)}${measure === 'plays' ? ' plays' : ''}`} />}
    />
  )
}
