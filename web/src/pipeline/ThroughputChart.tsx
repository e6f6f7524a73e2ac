import { formatCompact, formatRate } from '../format/numbers.ts'
import { HistoryChart, type HistoryProps, shown } from './HistoryChart.tsx'
import { SPANS } from './span.ts'

const UNIT = ' /s'
const perSecond = (value: number) => formatRate(value) + UNIT
// The last half hour is measured on the topic, longer spans are added up from what each process did.
const LIVE_HELP =
  'Arrived: records added to the topic. Handled: records that the consumer group has committed: stored, dropped or dead-lettered.'
const KEPT_HELP =
  'Arrived: records read by all pipeline processes. Handled: records stored, dropped or dead-lettered.'

/** How many records a second the topic is given, and how many are handled. */
export function ThroughputChart(props: HistoryProps) {
  const { span } = props
  const { title } = SPANS[span]
  return (
    <HistoryChart
      {...props}
      id="throughput"
      title="Throughput"
      help={`Records per second over ${title}. ${span === 'half-hour' ? LIVE_HELP : KEPT_HELP}`}
      series={[
        {
          key: 'arrived',
          name: 'Arrived',
          label: 'Arrived (records/s)',
          legend: 'Arrived in the topic',
          colour: 0,
        },
        {
          key: 'handled',
          name: 'Handled',
          label: 'Handled (records/s)',
          legend: 'Handled by the pipeline',
          colour: 1,
          dashed: true,
        },
      ]}
      show={formatRate}
      unit={UNIT}
      showAxis={(value) => `${formatCompact(value)}/s`}
      summary={(latest) =>
        `Throughput over ${title}; now ${shown(latest?.arrived, perSecond)} arrive and ${shown(latest?.handled, perSecond)} are handled.`
      }
    />
  )
}
