import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Client } from 'cassandra-driver'
import { type RunningCassandra, startCassandra } from '../support/cassandra.ts'
import { record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { startSinkProcess } from '../support/sink.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the sink to Cassandra', () => {
  let workspace: Workspace
  let server: RunningCassandra
  let client: Client

  before(async () => {
    ;[workspace, server] = await Promise.all([openWorkspace(), startCassandra()])
    client = await server.connect()
  })
  after(async () => {
    await client?.shutdown()
    await server?.close()
    await workspace?.close()
  })

  const settings = (env: Record<string, string> = {}) => ({
    KAFKA_BROKERS: workspace.broker.address,
    CASSANDRA_CONTACT_POINTS: server.address,
    CASSANDRA_USERNAME: 'cassandra',
    CASSANDRA_PASSWORD: 'cassandra',
    ...env,
  })

  it('hands a listen on', async () => {
    await sendRecords(workspace.broker.address, [record()])
    const sink = await startSinkProcess('cassandra', settings({ CASSANDRA_KEYSPACE: 'thin' }))
    const rows = await until('the listen is there', async () => {
      const found = await client.execute('SELECT * FROM thin.music_streams_by_user').catch(() => null)
      return found !== null && found.rowLength > 0 ? found.rows : null
    })
    assert.equal(rows[0]?.['title'], 'Glimpse of Us')
    assert.equal(await sink.stop(), 0)
  })
})
