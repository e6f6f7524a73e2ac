import '../pipeline/pipeline.css'
import { useQuery } from '@tanstack/react-query'
import { pipelineQuery } from '../api/pipeline-queries.ts'
import { readinessQuery, totalsQuery } from '../api/queries.ts'
import { Consumers } from '../pipeline/Consumers.tsx'
import { Crowd } from '../pipeline/Crowd.tsx'
import { DeadLetters } from '../pipeline/DeadLetters.tsx'
import { Flow } from '../pipeline/Flow.tsx'
import { Health } from '../pipeline/Health.tsx'
import { troublesOf } from '../pipeline/health.ts'
import { LagChart } from '../pipeline/LagChart.tsx'
import { Partitions } from '../pipeline/Partitions.tsx'
import { SpanChoice } from '../pipeline/SpanChoice.tsx'
import { Systems } from '../pipeline/Systems.tsx'
import { historyQuery, spanOf } from '../pipeline/span.ts'
import { ThroughputChart } from '../pipeline/ThroughputChart.tsx'
import { useDeadLetters } from '../pipeline/use-dead-letters.ts'
import { useAddress } from '../view/address.ts'

const EVERYTHING = { filters: {}, range: undefined, zone: undefined }
const TOTALS_MS = 2_000

/** How each event gets from Kafka to the store, what does not, and what to do about it. */
export function PipelinePage() {
  const pipeline = useQuery(pipelineQuery())
  const readiness = useQuery(readinessQuery())
  const totals = useQuery({ ...totalsQuery(EVERYTHING), refetchInterval: TOTALS_MS })
  const span = spanOf(useAddress())
  const kept = useQuery(historyQuery(span))
  const deadLetters = useDeadLetters()
  const state = pipeline.data
  const [asked, history] = span === 'half-hour' ? [pipeline, state?.history] : [kept, kept.data]
  // Without an answer, Playhead is unavailable, whatever the last answer said.
  const health = readiness.isError ? null : readiness.data
  return (
    <div className="page-stack">
      <h1 className="page-title">Pipeline</h1>
      <Health troubles={troublesOf(health, state)} known={health !== undefined} />
      <Flow state={state} listens={totals.data?.listens} deadLetters={deadLetters.total} />
      <Crowd />
      <SpanChoice span={span} />
      <div className="page-columns">
        <ThroughputChart asked={asked} history={history} span={span} />
        <LagChart asked={asked} history={history} span={span} />
      </div>
      {state && (
        <div className="page-columns" data-split="wide">
          <Partitions partitions={state.partitions} />
          <Consumers group={state.group} />
        </div>
      )}
      <Systems />
      <DeadLetters letters={deadLetters} />
    </div>
  )
}
