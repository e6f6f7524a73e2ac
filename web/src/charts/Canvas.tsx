import type { ECElementEvent, EChartsCoreOption, EChartsType } from 'echarts/core'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { useMedia } from '../table/use-media.ts'
import { init } from './echarts.ts'

export interface CanvasHandle {
  /** The chart as a PNG, as a data URL. */
  picture(background: string): string | undefined
}

export interface CanvasProps {
  option: EChartsCoreOption
  /** What it shows in words. */
  summary: string
  onPick?: ((mark: ECElementEvent) => void) | undefined
  ref?: Ref<CanvasHandle>
}

const SHARP = 2

/** Draws the marks of a chart, and again when it is given others: what has not changed stays where it is. */
export function Canvas({ option, summary, onPick, ref }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const pick = useEffectEvent((mark: ECElementEvent) => onPick?.(mark))

  useEffect(() => {
    const element = box.current
    if (!element) return
    // Sharp when it is printed or copied, whatever the screen.
    const made = init(element, null, { devicePixelRatio: Math.max(SHARP, devicePixelRatio) })
    chart.current = made
    made.on('click', (mark) => pick(mark))
    const observer = new ResizeObserver(() => made.resize({ animation: { duration: 0 } }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption(
      { animation: !still, animationDuration: 250, animationDurationUpdate: 250, ...option },
      { replaceMerge: ['series'] },
    )
  }, [option, still])

  useImperativeHandle(ref, () => ({
    picture: (backgroundColor) =>
      chart.current?.getDataURL({ type: 'png', pixelRatio: SHARP, backgroundColor }),
  }))

  return (
    <div
      ref={box}
      className="chart-canvas"
      role="img"
      aria-label={summary}
      data-pickable={onPick !== undefined || undefined}
    />
  )
}
