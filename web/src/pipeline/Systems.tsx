import { useQuery } from '@tanstack/react-query'
import type { SystemsAnswer } from '../../../src/api/routes/systems.ts'
import { systemsQuery } from '../api/systems-queries.ts'
import { formatCount } from '../format/numbers.ts'

type System = SystemsAnswer['systems'][number]

const KINDS: Record<System['kind'], string> = {
  connector: 'Kafka Connect',
  sink: 'sink',
  archive: 'archive',
}

const STATES: Record<System['state'], string> = {
  starting: 'Starting',
  running: 'Running',
  waiting: 'Waiting',
  failed: 'Failed',
}

/** The outputs; hidden if there are none. */
export function Systems() {
  const systems = useQuery(systemsQuery()).data?.systems ?? []
  if (systems.length === 0) return null
  return (
    <section className="card plain-card" aria-labelledby="systems-title">
      <h2 id="systems-title" className="frame-title">
        Outputs
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="plain-scroller" aria-label="Outputs, as a table" tabIndex={0}>
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">Output</th>
              <th scope="col">Kind</th>
              <th scope="col">State</th>
              <th scope="col" data-align="end">
                Received
              </th>
              <th scope="col" data-align="end">
                Lag
              </th>
            </tr>
          </thead>
          <tbody>
            {systems.map((system) => (
              <tr key={system.name}>
                <th scope="row">{system.name}</th>
                <td>{KINDS[system.kind]}</td>
                <td className="system-state" data-state={system.state}>
                  {STATES[system.state]}
                  {system.detail !== '' && <span className="text-secondary">: {system.detail}</span>}
                </td>
                <td data-align="end">{shown(system.handed)}</td>
                <td data-align="end">{shown(system.lag)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

const shown = (value: number | null) => (value === null ? '–' : formatCount(value))
