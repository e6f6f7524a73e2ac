import type { ReactNode } from 'react'
import type { DropOff } from '../../../src/questions/drop-off.ts'
import { formatCount, formatExactShare, formatShare } from '../format/numbers.ts'
import { acrossTooltip, grid, line, nameAxis, shareAxis } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { Legend } from './Legend.tsx'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

export interface Curve {
  name: string
  answer: DropOff
}

interface Props {
  asked: Asked
  /**
   * The first curve is the main one; the others are for comparison. Undefined until all are loaded.
   */
  curves: readonly Curve[] | undefined
  controls?: ReactNode
  /** Called with the chosen percent of the track. */
  onPick(percent: number): void
}

/**
 * The neighbouring percents with the most drop-off: the steepest fall of the curve after its first
 * step.
 */
export function steepest({ shares }: DropOff): { from: number; lost: number } | undefined {
  let found: { from: number; lost: number } | undefined
  for (let percent = 1; percent < shares.length - 1; percent++) {
    const lost = (shares[percent] ?? 0) - (shares[percent + 1] ?? 0)
    if (lost > 0 && lost > (found?.lost ?? 0)) found = { from: percent, lost }
  }
  return found
}

/** Share of the main plays that ended at a percent: the other curves have no listens to show. */
const leftAt = (curves: readonly Curve[], percent: number) => {
  const { shares = [] } = curves[0]?.answer ?? {}
  return (shares[percent] ?? 0) - (shares[percent + 1] ?? 0)
}

const PERCENTS = Array.from({ length: 101 }, (_, percent) => percent)
const colourOf = (palette: Palette, at: number) => palette.series[[0, 2, 3][at] ?? 0] ?? ''

function optionOf(curves: readonly Curve[], palette: Palette) {
  return {
    grid,
    xAxis: {
      ...nameAxis(
        palette,
        PERCENTS.map((percent) => formatShare(percent / 100)),
        false,
      ),
      axisLabel: { ...nameAxis(palette, []).axisLabel, interval: (at: number) => at % 20 === 0 },
    },
    yAxis: shareAxis(palette, formatShare),
    tooltip: {
      ...acrossTooltip(palette, 'line'),
      formatter: (points: { dataIndex: number }[]) => {
        const percent = points[0]?.dataIndex ?? 0
        return tip(
          `At ${formatShare(percent / 100)} of the track`,
          curves.map(({ name, answer }, at) => ({
            name,
            colour: colourOf(palette, at),
            value: `${formatExactShare(answer.shares[percent] ?? 0)} still listen`,
          })),
          'Click for plays that ended here',
        )
      },
    },
    series: curves.map(({ name, answer }, at) => ({
      ...line(colourOf(palette, at), at > 0),
      id: `${at} ${name}`,
      name,
      ...(at === 0 ? { areaStyle: { color: colourOf(palette, 0), opacity: 0.12 } } : {}),
      data: answer.shares,
    })),
  }
}

const figuresOf = (curves: readonly Curve[], onPick: Props['onPick']): Figures => ({
  columns: [
    { label: 'Heard of the track', show: (value) => formatShare(Number(value) / 100) },
    ...curves.map(({ name }) => ({
      label: `${name} (share still listening)`,
      show: (value: unknown) => formatExactShare(Number(value)),
    })),
  ],
  rows: PERCENTS.map((percent) => ({
    key: String(percent),
    values: [percent, ...curves.map(({ answer }) => answer.shares[percent] ?? 0)],
    pick: leftAt(curves, percent) > 0 ? () => onPick(percent) : undefined,
  })),
})

/** Drop-off: the share still listening at each percent of the track. */
export function DropOffChart({ asked, curves, controls, onPick }: Props) {
  const palette = usePalette()
  const heard = curves?.some(({ answer }) => answer.listens > 0)
  const fall = curves?.[0] && steepest(curves[0].answer)
  const where = fall
    ? `Most leave between ${formatShare(fall.from / 100)} and ${formatShare((fall.from + 1) / 100)} of the track: ${formatExactShare(fall.lost)} of all plays.`
    : ''
  return (
    <ChartFrame
      id="drop-off"
      title="Drop-off"
      help="Share of plays that reached this point of the track. It starts at 100 %. A steep fall means that many listeners leave there."
      asked={asked}
      figures={curves && (heard ? figuresOf(curves, onPick) : { columns: [], rows: [] })}
      height={260}
      controls={controls}
      marks={
        curves && {
          option: optionOf(curves, palette),
          summary: `Share of plays that reached each percent of the track. ${where}`,
          onPickAt: (percent) => leftAt(curves, percent) > 0 && onPick(percent),
        }
      }
      legend={
        curves && (
          <>
            <Legend
              items={curves.map(({ name, answer }, at) => ({
                name: `${name} (${formatCount(answer.listens)} plays)`,
                colour: colourOf(palette, at),
                line: at === 0 ? 'solid' : 'dashed',
              }))}
            />
            {where !== '' && <span className="legend-note">{where}</span>}
          </>
        )
      }
    />
  )
}
