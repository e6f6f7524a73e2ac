import type { PipelineState } from '../api/answers.ts'
import { formatCount } from '../format/numbers.ts'

const offset = (value: number | null) => (value === null ? '–' : formatCount(value))

/** Each partition of the topic: what it holds, how far it is read and stored, and by whom. */
export function Partitions({ partitions }: { partitions: PipelineState['partitions'] }) {
  return (
    <section className="card plain-card" aria-labelledby="partitions-title">
      <h2 id="partitions-title" className="frame-title">
        Partitions
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="plain-scroller" aria-label="Partitions, as a table" tabIndex={0}>
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">Partition</th>
              <th scope="col" data-align="end">
                First offset
              </th>
              <th scope="col" data-align="end">
                Next offset
              </th>
              <th scope="col" data-align="end">
                Committed
              </th>
              <th scope="col" data-align="end">
                Stored
              </th>
              <th scope="col" data-align="end">
                Lag
              </th>
              <th scope="col">Replicas in sync</th>
              <th scope="col">Consumer</th>
            </tr>
          </thead>
          <tbody>
            {partitions.map((partition) => (
              <tr key={partition.partition}>
                <th scope="row">{partition.partition}</th>
                <td data-align="end">{offset(partition.earliest)}</td>
                <td data-align="end">{offset(partition.end)}</td>
                <td data-align="end">{offset(partition.committed)}</td>
                <td data-align="end">{offset(partition.stored)}</td>
                <td data-align="end">{formatCount(partition.lag)}</td>
                <td>
                  {formatCount(partition.in_sync)} of {formatCount(partition.replicas)}
                </td>
                <td>
                  <span className="clipped member-id" title={partition.member ?? undefined}>
                    {partition.member ?? 'nobody'}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
