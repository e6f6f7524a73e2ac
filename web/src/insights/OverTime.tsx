import { useQuery } from '@tanstack/react-query'
import { overTime, overTimeBefore } from '../api/questions.ts'
import { OverTimeChart } from '../charts/OverTimeChart.tsx'
import type { useChosen } from './use-chosen.ts'

/** Plays over time for the current filters. */
export function OverTime({ state }: { state: ReturnType<typeof useChosen> }) {
  const { view, chosen, compared, zone, changeView, filterBy, showListens } = state
  const now = useQuery(overTime(chosen, view.stack))
  const before = useQuery({
    ...overTimeBefore(chosen, now.data?.unit),
    enabled: compared && now.data != null,
  })
  const { stack } = view
  return (
    <OverTimeChart
      asked={now}
      answer={now.data ?? undefined}
      before={compared ? (before.data ?? undefined) : undefined}
      measure={view.measure}
      stack={stack}
      zone={zone}
      onStack={(next) => changeView({ stack: next })}
      onPick={(from, to, value) =>
        showListens(from, to, stack === 'none' || value === undefined ? {} : { [stack]: [value] })
      }
      onPickValue={(value) => stack !== 'none' && filterBy([stack, value])}
    />
  )
}
