import { formatCompact, formatCount } from '../format/numbers.ts'
import { HistoryChart, type HistoryProps, shown } from './HistoryChart.tsx'
import { SPANS } from './span.ts'

/** How many records wait in the topic. */
export function LagChart(props: HistoryProps) {
  const { title } = SPANS[props.span]
  return (
    <HistoryChart
      {...props}
      id="lag"
      title="Lag"
      help={`Records on the topic that are not handled yet, in all partitions, over ${title}. Healthy: lag stays near zero. If it grows, records arrive faster than they are stored.`}
      series={[
        {
          key: 'lag',
          name: 'Records waiting',
          label: 'Lag (records)',
          legend: 'Lag',
          colour: 2,
          filled: true,
        },
      ]}
      show={formatCount}
      showAxis={formatCompact}
      whole
      summary={(latest) => `Lag over ${title}; now ${shown(latest?.lag, formatCount)} records wait.`}
    />
  )
}
