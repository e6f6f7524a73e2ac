import { useEffect, useState } from 'react'
import type { Asked } from '../charts/ChartFrame.tsx'
import { LiveStatus } from '../live/LiveStatus.tsx'

const PATIENCE_MS = 6_000

/** Live status of a page that refreshes in the background: whether its data is up to date. */
export function AskedStatus({ asked }: { asked: Asked & { failureCount: number; isSuccess: boolean } }) {
  const [late, setLate] = useState(false)
  const failing = asked.isError || asked.failureCount > 0
  useEffect(() => {
    if (!failing) return setLate(false)
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [failing])
  const feed = failing ? (late ? 'disconnected' : 'reconnecting') : asked.isSuccess ? 'live' : 'connecting'
  return <LiveStatus feed={feed} paused={false} sampled={false} />
}
