import { useEffect, useEffectEvent, useRef } from 'react'

/** Runs for each new `trigger` other than undefined, but at most once in `intervalMs`: the last one is never lost. */
export function useThrottled(trigger: number | undefined, intervalMs: number, run: () => void): void {
  const lastRun = useRef(-Infinity)
  const onDue = useEffectEvent(() => {
    lastRun.current = performance.now()
    run()
  })
  useEffect(() => {
    if (trigger === undefined) return
    const wait = Math.max(0, lastRun.current + intervalMs - performance.now())
    const timer = setTimeout(onDue, wait)
    return () => clearTimeout(timer)
  }, [trigger, intervalMs])
}
