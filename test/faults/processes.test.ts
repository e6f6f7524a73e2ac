import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freePort } from '../../src/runtime/port.ts'
import { type Fleet, type Member, memberOf, openFleet } from '../support/fleet.ts'
import { followLive, type LiveReader } from '../support/live.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { reportCase } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'processes'
/**
 * Events per second: few enough that the backlog of a dead member fits into one frame of the feed.
 */
const RATE = 10

describe('several `process` and several `serve` on one topic and one store', () => {
  let workspace: Workspace
  let fleet: Fleet
  let oracle: Oracle
  const servers: Member[] = []
  const readers: LiveReader[] = []
  before(async () => {
    workspace = await openWorkspace()
    oracle = await createOracle(workspace.broker.address, TOPIC)
    fleet = await openFleet(workspace.directory, workspace.broker.address, TOPIC)
  })
  after(async () => {
    for (const reader of readers) reader.close()
    for (const server of servers) if (server.ended() === null) await server.kill()
    await fleet.close()
    await oracle.close()
    await workspace.close()
  })

  async function serve(): Promise<{ url: string; member: Member }> {
    const url = `http://127.0.0.1:${await freePort()}`
    const env = { KAFKA_BROKERS: workspace.broker.address, KAFKA_TOPIC: TOPIC, CLICKHOUSE_URL: fleet.url }
    const member = memberOf(spawnPlayhead(['serve'], { ...env, PORT: new URL(url).port, LOG_LEVEL: 'info' }))
    servers.push(member)
    await until('it serves', () => {
      if (member.ended() !== null) throw new Error(`it ended:\n${member.output()}`)
      return member.output().includes('Playhead is ready')
    })
    return { url, member }
  }

  async function follow(url: string, lastId?: string): Promise<LiveReader> {
    const reader = await followLive(url, '', lastId)
    readers.push(reader)
    return reader
  }

  /** The partitions of a member, by its metrics. */
  async function partitionsOf(member: Member): Promise<number[]> {
    const url = /Health and metrics are at (http\S+)/.exec(member.output())?.[1]
    if (url === undefined) return []
    const text = await (await fetch(`${url}/metrics`)).text()
    return [...text.matchAll(/^playhead_consumer_lag_offsets\{partition="(\d+)"\}/gm)].map(([, one]) =>
      Number(one),
    )
  }

  const idsOf = (reader: LiveReader) => reader.listens().map(({ id }) => id)

  it('spreads the partitions, shows the same on all live feeds, and continues when one of each dies', async () => {
    const processes = [
      await fleet.join({ METRICS_PORT: '0' }),
      await fleet.join({ METRICS_PORT: '0' }),
    ] as const
    await until('each has half of the partitions', async () => {
      const [first, second] = [await partitionsOf(processes[0]), await partitionsOf(processes[1])]
      return first.length === 3 && second.length === 3 && new Set([...first, ...second]).size === 6
    })
    const [dies, stays] = [await serve(), await serve()]
    const broken = await follow(dies.url)
    const steady = await follow(stays.url)
    const stopTraffic = oracle.drive({ rate: RATE })
    const both = async (count: number) =>
      await until(`${count} on both feeds`, () => {
        return Math.min(broken.listens().length, steady.listens().length) >= count
      })
    await both(30)

    // One process is slow: its listens become visible only after newer ones of the other process.
    await fleet.holdInserts(1, 4_000)
    await until('an INSERT is held up', async () => (await fleet.held()) > 0)
    const during = steady.listens().length
    await until('the other process goes on', () => steady.listens().length > during + 5)
    await until('it arrives', async () => (await fleet.held()) === 0)
    await both(oracle.acknowledged)

    await processes[0].kill()
    await until('the other takes over', async () => (await partitionsOf(processes[1])).length === 6, 90_000)
    await both(oracle.acknowledged)

    await dies.member.kill()
    const lastId = broken.messages.findLast(({ id }) => id !== null)?.id ?? ''
    const shown = steady.listens().length
    await until('the other feed goes on', () => steady.listens().length > shown + 10)
    // Reconnects like a browser behind a load balancer whose server is gone.
    const moved = await follow(stays.url, lastId)
    const started = await follow((await serve()).url, lastId)
    await until('traffic goes on', () => moved.listens().length > 20 && started.listens().length > 20)

    await stopTraffic()
    await reportCase('several process and serve', await oracle.verify(fleet.store))
    const stored = (
      await fleet.store.rows<[string]>(
        "SELECT concat(substring(toString(topic_id), 1, 8), '-', toString(kafka_partition), '-', toString(kafka_offset)) FROM listens",
      )
    ).map(([id]) => id)
    await until('all is shown', () => steady.listens().length >= stored.length)
    assert.deepEqual(idsOf(steady).toSorted(), stored.toSorted(), 'each once, on the feed that never broke')
    for (const after of [moved, started]) {
      // A reader that reconnects may get a listen twice; the id identifies it.
      const seen = () => new Set([...idsOf(broken), ...idsOf(after)])
      await until('all is shown', () => seen().size >= stored.length)
      assert.deepEqual([...seen()].toSorted(), stored.toSorted())
    }
    assert.equal(new Set(idsOf(broken)).size, idsOf(broken).length)
    for (const { messages } of [steady, moved, started])
      assert.ok(messages.every(({ event, data }) => event !== 'gap' && data.sampled !== true))
  })
})
