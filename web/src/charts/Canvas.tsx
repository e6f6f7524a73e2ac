import type { ECElementEvent, EChartsCoreOption, EChartsType } from 'echarts/core'
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react'
import { useMedia } from '../ui/use-media.ts'
import { drawSoon } from './draw-queue.ts'
import { init } from './echarts.ts'

export interface CanvasHandle {
  /** The chart as a PNG, as a data URL. */
  picture(background: string): string | undefined
}

export interface CanvasProps {
  option: EChartsCoreOption
  /** Description in words. */
  summary: string
  onPick?: ((mark: ECElementEvent) => void) | undefined
  /**
   * For charts along an axis of names: a click anywhere over a name picks it, because a line or a low bar is hard to
   * hit. Told which name, and the height on the axis of amounts.
   */
  onPickAt?: ((name: number, height: number) => void) | undefined
  ref?: Ref<CanvasHandle>
}

const SHARP = 2

/** Draws the marks of a chart and redraws changed ones; unchanged marks keep their place. */
export function Canvas({ option, summary, onPick, onPickAt, ref }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  /** Draws pending changes; undefined when there are none. */
  const pending = useRef<() => void>(undefined)
  const inSight = useRef(true)
  const drawn = useRef(false)
  const still = useMedia('(prefers-reduced-motion: reduce)')
  const pick = useEffectEvent((mark: ECElementEvent) => onPick?.(mark))
  const pickAt = useEffectEvent((made: EChartsType, x: number, y: number) => {
    if (!onPickAt || !made.containPixel('grid', [x, y])) return
    const [name = 0, height = 0] = made.convertFromPixel('grid', [x, y]) as number[]
    onPickAt(Math.round(name), height)
  })

  useEffect(() => {
    const element = box.current
    if (!element) return
    // Sharp when printed or copied, on any screen.
    const made = init(element, null, { devicePixelRatio: Math.max(SHARP, devicePixelRatio) })
    chart.current = made
    made.on('click', (mark) => pick(mark))
    made.getZr().on('click', ({ offsetX, offsetY }) => pickAt(made, offsetX, offsetY))
    const observer = new ResizeObserver(() => made.resize({ animation: { duration: 0 } }))
    observer.observe(element)
    // A chart out of sight skips updates until it comes into sight.
    const sight = new IntersectionObserver((entries) => {
      inSight.current = entries.at(-1)?.isIntersecting ?? true
      if (inSight.current && pending.current) drawSoon(() => pending.current?.())
    })
    sight.observe(element)
    const drawNow = () => pending.current?.()
    addEventListener('beforeprint', drawNow)
    return () => {
      removeEventListener('beforeprint', drawNow)
      observer.disconnect()
      sight.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])

  useEffect(() => {
    const draw = () => {
      drawn.current = true
      pending.current = undefined
      chart.current?.setOption(
        { animation: !still, animationDuration: 250, animationDurationUpdate: 250, ...option },
        { replaceMerge: ['series'] },
      )
    }
    pending.current = draw
    if (drawn.current && !inSight.current) return
    return drawSoon(() => pending.current?.())
  }, [option, still])

  useImperativeHandle(ref, () => ({
    picture: (backgroundColor) => {
      pending.current?.()
      return chart.current?.getDataURL({ type: 'png', pixelRatio: SHARP, backgroundColor })
    },
  }))

  return (
    <div
      ref={box}
      className="chart-canvas"
      role="img"
      aria-label={summary}
      data-pickable={onPickAt !== undefined || undefined}
    />
  )
}
