import type { Palette } from './palette.ts'

/** How much a colour stands for, from nothing to the most. */
export const heatScale = ({ heat }: Palette, most: number) => ({
  type: 'continuous' as const,
  show: false,
  min: 0,
  max: Math.max(most, Number.MIN_VALUE),
  inRange: { color: [...heat] },
})

/** A field of squares. */
export const heatField = ({ surface }: Palette) => ({
  type: 'heatmap' as const,
  itemStyle: { borderColor: surface, borderWidth: 2, borderRadius: 3 },
  emphasis: { itemStyle: { borderColor: surface, borderWidth: 2, opacity: 0.8 } },
})
