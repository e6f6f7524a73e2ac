import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ThroughputAnswer } from '../../../src/questions/throughput.ts'
import type { PipelineState } from '../api/answers.ts'
import { getJson } from '../api/request.ts'
import { formatClock, formatShortMoment } from '../format/when.ts'
import { throughputUrl } from '../view/urls.ts'

type History = PipelineState['history']

/** How far back lag and throughput are shown, and in steps of how many minutes. */
export const SPANS = {
  'half-hour': { name: 'Half an hour', title: 'the last half hour, every 5 seconds', hours: 0.5, minutes: 0 },
  day: { name: 'Day', title: 'the last day, by the minute', hours: 24, minutes: 1 },
  week: { name: 'Week', title: 'the last week, every 10 minutes', hours: 168, minutes: 10 },
} as const

export type Span = keyof typeof SPANS

export const spanOf = (address: string): Span => {
  const span = new URL(address, 'http://page').searchParams.get('span')
  return span !== null && Object.hasOwn(SPANS, span) ? (span as Span) : 'half-hour'
}

/** How a moment is written on the axis. */
export const momentOf = (span: Span) => (span === 'half-hour' ? formatClock : formatShortMoment)

const MINUTE_MS = 60_000

/** What the store keeps of lag and throughput; asked only where more is wanted than the last half hour. */
export const historyQuery = (span: Span) =>
  queryOptions({
    queryKey: ['throughput', span],
    enabled: span !== 'half-hour',
    queryFn: async ({ signal }): Promise<History> => {
      const from = Date.now() - SPANS[span].hours * 60 * MINUTE_MS
      const { minutes } = await getJson<ThroughputAnswer>(throughputUrl(from), signal)
      return inSteps(minutes, SPANS[span].minutes)
    },
    refetchInterval: MINUTE_MS,
    placeholderData: keepPreviousData,
  })

/** Minutes put together into steps: rates a second over the step, and its greatest lag. */
export function inSteps(minutes: ThroughputAnswer['minutes'], size: number): History {
  const steps = new Map<number, { at: number; arrived: number; handled: number; lag: number }>()
  const seconds = size * 60
  for (const { minute, read, stored, dead_lettered, skipped, lag_offsets } of minutes) {
    const at = Math.floor(minute / seconds) * seconds
    const step = steps.get(at) ?? { at, arrived: 0, handled: 0, lag: 0 }
    step.arrived += read / seconds
    step.handled += (stored + dead_lettered + skipped) / seconds
    step.lag = Math.max(step.lag, lag_offsets)
    steps.set(at, step)
  }
  return [...steps.values()]
}
