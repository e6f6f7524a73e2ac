import { formatCount } from '../format/numbers.ts'
import { Icon } from '../ui/Icon.tsx'
import type { Trouble } from './health.ts'

/** What is unhealthy and what to do; or that nothing is. */
export function Health({ troubles, known }: { troubles: readonly Trouble[]; known: boolean }) {
  if (!known) return <div className="health" role="status" aria-label="Health" data-state="unknown" />
  if (troubles.length === 0)
    return (
      <div className="health" role="status" aria-label="Health" data-state="good">
        <Icon name="check" />
        <p>
          <strong>Healthy.</strong> Kafka, ClickHouse and the pipeline work.
        </p>
      </div>
    )
  return (
    <div className="health" role="alert" aria-label="Health" data-state="bad">
      <Icon name="alert" />
      <div>
        <strong>{troubles.length === 1 ? '1 problem.' : `${formatCount(troubles.length)} problems.`}</strong>
        <ul>
          {troubles.map(({ what, remedy }) => (
            <li key={what}>
              {what} <span className="text-secondary">{remedy}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
