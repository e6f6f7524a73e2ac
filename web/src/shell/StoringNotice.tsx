import { useQuery } from '@tanstack/react-query'
import { readinessQuery } from '../api/queries.ts'
import { Icon } from '../ui/Icon.tsx'

/** Says that what is played does not reach the store, and why; nothing while it does. */
export function StoringNotice() {
  const { data } = useQuery(readinessQuery())
  const faults = data ? [data.broker, data.store, data.pipeline].filter(({ ok }) => !ok) : []
  // The region is there before there is something to say, so that it is read out when there is.
  return (
    <div role="alert" className="storing-notice-region">
      {faults.length > 0 && (
        <div className="alert alert-warning storing-notice">
          <Icon name="alert" />
          <div>
            <strong>New listens are not being stored.</strong> {faults.map(({ detail }) => detail).join(' ')}
          </div>
        </div>
      )}
    </div>
  )
}
