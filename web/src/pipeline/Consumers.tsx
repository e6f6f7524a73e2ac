import type { PipelineState } from '../api/answers.ts'

/** The processes that read the topic, and their partitions. */
export function Consumers({ group }: { group: PipelineState['group'] }) {
  return (
    <section className="card plain-card" aria-labelledby="consumers-title">
      <h2 id="consumers-title" className="frame-title">
        Consumers
      </h2>
      <p className="plain-note">
        Consumer group <code>{group.id}</code>: {group.state.toLowerCase()}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="plain-scroller" aria-label="Consumers, as a table" tabIndex={0}>
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col">Host</th>
              <th scope="col">Partitions</th>
            </tr>
          </thead>
          <tbody>
            {group.members.map((member) => (
              <tr key={member.id}>
                <th scope="row">
                  <span className="clipped" title={member.id}>
                    {member.client}
                  </span>
                </th>
                <td>{member.host}</td>
                <td>{member.partitions.join(', ') || 'none yet'}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {group.members.length === 0 && <p className="frame-blank">No process reads the topic.</p>}
      </section>
    </section>
  )
}
