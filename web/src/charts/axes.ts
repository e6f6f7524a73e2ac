import type { Palette } from './palette.ts'

/** A value along an axis, as text. */
export type Show = (value: number) => string

const SIZE = 11

/** Area of the marks: as close to the edges as the axis labels allow. */
export const grid = {
  left: 4,
  right: 12,
  top: 12,
  bottom: 4,
  outerBoundsMode: 'same' as const,
  outerBoundsContain: 'axisLabel' as const,
}

/** An axis of names, such as days; some labels are skipped when space is short. */
export const nameAxis = ({ muted, line, font }: Palette, names: readonly string[], edge = true) => ({
  type: 'category' as const,
  data: [...names],
  boundaryGap: edge,
  axisLine: { lineStyle: { color: line } },
  axisTick: { show: false },
  axisLabel: { color: muted, fontFamily: font, fontSize: SIZE, hideOverlap: true },
})

/** An axis of amounts that starts at 0. */
export const amountAxis = ({ muted, line, font }: Palette, show: Show, max?: number) => ({
  type: 'value' as const,
  min: 0,
  ...(max === undefined ? {} : { max }),
  splitNumber: 4,
  axisLabel: { color: muted, fontFamily: font, fontSize: SIZE, formatter: show },
  splitLine: { lineStyle: { color: line } },
})

/** An axis of shares, from none to all. */
export const shareAxis = (palette: Palette, show: Show) => ({
  ...amountAxis(palette, show, 1),
  interval: 0.25,
})

/** The tooltip beside the pointer; `tip` creates its content. */
export const tooltip = ({ surface, line }: Palette) => ({
  backgroundColor: surface,
  borderColor: line,
  borderWidth: 1,
  padding: [8, 10],
  // Inside the chart's frame it would be cut off at the edge.
  confine: true,
  transitionDuration: 0,
})

/** Shows all series at the pointer. */
export const acrossTooltip = (palette: Palette, pointer: 'line' | 'shadow') => ({
  ...tooltip(palette),
  trigger: 'axis' as const,
  axisPointer: {
    type: pointer,
    lineStyle: { color: palette.muted, width: 1, type: 'solid' as const },
    shadowStyle: { color: palette.muted, opacity: 0.08 },
  },
})

/** A line without symbols at its points. */
export const line = (colour: string, dashed = false) => ({
  type: 'line' as const,
  showSymbol: false,
  symbolSize: 7,
  lineStyle: { color: colour, width: 2, type: dashed ? ('dashed' as const) : ('solid' as const) },
  itemStyle: { color: colour },
  emphasis: { disabled: true },
})
