import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Readiness } from '../../src/api/readiness.ts'
import { freePort } from '../../src/runtime/port.ts'
import { event, record } from '../support/event.ts'
import { type Member, memberOf } from '../support/fleet.ts'
import { sendRecords } from '../support/kafka.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('a process that runs an output', () => {
  let workspace: Workspace
  const members: Member[] = []
  before(async () => {
    workspace = await openWorkspace()
    await sendRecords(workspace.broker.address, [record(event())])
  })
  after(async () => {
    for (const member of members) if (member.ended() === null) await member.kill()
    await workspace.close()
  })

  it('ends on request, also while Kafka and its target are unavailable', async () => {
    const env = {
      KAFKA_BROKERS: workspace.broker.address,
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${await freePort()}`,
      PORT: String(await freePort()),
      SIMULATOR_INTERVAL: '0',
    }
    const sink = memberOf(spawnPlayhead(['sink', 'cassandra'], env))
    const up = memberOf(
      spawnPlayhead(['up'], { ...env, SINKS: 'cassandra', PLAYHEAD_DATA: join(workspace.directory, 'up') }),
    )
    members.push(sink, up)
    for (const member of members)
      await until('it waits for Cassandra', () => member.output().includes('CASSANDRA_CONTACT_POINTS'))
    await until('the other answers', () => up.output().includes('Playhead is ready at'))
    const again = await workspace.stopBroker()
    await until('Kafka is missed', async () => {
      const { broker } = (await (await fetch(`http://127.0.0.1:${env.PORT}/readyz`)).json()) as Readiness
      return !broker.ok
    })
    for (const member of members) process.kill(member.pid, 'SIGTERM')
    await until('they have ended', () => members.every((member) => member.ended() !== null))
    assert.deepEqual(
      members.map((member) => member.ended()),
      [0, 0],
      members.map((member) => member.output()).join('\n'),
    )
    await again()
  })
})
