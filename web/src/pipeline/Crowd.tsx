import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SimulatorAnswer } from '../../../src/api/routes/simulator.ts'
import { postJson } from '../api/request.ts'
import { simulatorQuery } from '../api/simulator-queries.ts'
import { formatRate } from '../format/numbers.ts'
import { simulatorUrl } from '../view/urls.ts'

/** `release-day` as people write it. */
const title = (profile: string) => {
  const words = profile.replaceAll('-', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** State and controls of the simulated crowd; empty without a simulator. */
export function Crowd() {
  const queryClient = useQueryClient()
  const { data } = useQuery(simulatorQuery())
  const steer = useMutation({
    mutationFn: (change: { profile: string; paused: false } | { paused: boolean }) =>
      postJson<SimulatorAnswer>(simulatorUrl(), change),
    onSuccess: (answer) => queryClient.setQueryData(simulatorQuery().queryKey, answer),
  })
  const crowd = data?.simulator
  if (!crowd) return null
  const { profile, profiles, paused } = crowd
  return (
    <section className="card plain-card crowd" aria-labelledby="crowd-title">
      <h2 id="crowd-title" className="frame-title">
        Simulated crowd
      </h2>
      <p className="crowd-rate">
        {paused ? (
          <>
            <strong>Paused</strong> (target {formatRate(crowd.rate)} plays/s)
          </>
        ) : (
          <>
            <strong>{formatRate(crowd.measured)}</strong> plays/s, target {formatRate(crowd.rate)}
          </>
        )}
      </p>
      <div className="crowd-choices">
        <fieldset className="reason-chips">
          <legend className="visually-hidden">Traffic profile</legend>
          {profiles.map(({ name, rate, summary }) => (
            <button
              key={name}
              type="button"
              className="reason-chip"
              title={summary}
              aria-pressed={name === profile && !paused}
              onClick={() => steer.mutate({ profile: name, paused: false })}
            >
              {title(name)} <span>{formatRate(rate)}/s</span>
            </button>
          ))}
        </fieldset>
        <button type="button" className="btn btn-sm" onClick={() => steer.mutate({ paused: !paused })}>
          {paused ? 'Resume the crowd' : 'Pause the crowd'}
        </button>
      </div>
      {steer.isError && (
        <p className="plain-note" role="alert">
          {steer.error.message}
        </p>
      )}
    </section>
  )
}
