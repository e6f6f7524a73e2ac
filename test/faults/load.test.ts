import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { takeSample } from '../soak/sample.ts'
import { openFleet } from '../support/fleet.ts'
import { followLive } from '../support/live.ts'
import { createOracle } from '../support/oracle.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const RATE = THOROUGH ? 5_000 : 2_000
const STORED_BEFORE = THOROUGH ? 200_000 : 10_000
const STALLED = THOROUGH ? 500 : 50
const QUESTIONS = THOROUGH ? 50 : 10
/** Limit of memory growth, in bytes, for readers that do not read and for questions that wait. */
const MOST_GROWTH = 600 * 1_048_576

/** Each of them has to read every row. */
const EXPENSIVE = [
  '/api/listens?limit=1000&sort=percent_listened',
  '/api/listens?limit=1000&sort=title&order=asc&artist=Joji&artist=Mitski',
  '/api/stats/top?by=title&limit=1000',
  '/api/stats/top?by=artist&limit=1000&search=o',
  '/api/stats/totals?mood=Melancholic',
]

describe('a crowd of visitors', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  it('13. keeps up beside stalled readers and expensive questions', async (context) => {
    const topic = 'visited'
    const oracle = await createOracle(workspace.broker.address, topic)
    const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await oracle.send(STORED_BEFORE)
    await until('it is stored', async () => (await playhead.totals()).listens >= STORED_BEFORE)
    const before = await takeSample(playhead)
    const stopTraffic = oracle.drive({ rate: RATE })

    const sockets = Array.from({ length: STALLED }, () => stall(playhead))
    await until('they are readers', async () => (await metric(playhead, 'playhead_live_readers')) >= STALLED)
    const reader = await followLive(playhead.url)
    const leaving = new AbortController()
    context.after(() => {
      leaving.abort()
      reader.close()
      for (const socket of sockets) socket.destroy()
    })
    const answers = Array.from({ length: QUESTIONS }, (_, n) => askAgainAndAgain(playhead, n, leaving.signal))
    const peak = watchMemory(playhead, leaving.signal)

    // While they are connected, acknowledged events are stored soon.
    for (let round = 0; round < 3; round++) {
      const wanted = oracle.acknowledged + RATE
      await until('traffic goes on', () => oracle.acknowledged > wanted)
      await until(
        'it is stored',
        async () => (await metric(playhead, 'playhead_listens_stored_total')) >= wanted,
      )
    }
    await stopTraffic()
    const since = performance.now()
    await until(
      'it has caught up',
      async () => (await metric(playhead, 'playhead_listens_stored_total')) >= oracle.acknowledged,
    )
    const caughtUpAfter = (performance.now() - since) / 1000
    leaving.abort()
    const asked = (await Promise.all(answers)).reduce((sum, count) => sum + count, 0)
    assert.ok(asked > 0)
    assert.ok(reader.listens().length > 0)
    const growth = (await peak) - before.rss
    assert.ok(growth < MOST_GROWTH, `it grew by ${Math.round(growth / 1_048_576)} MB`)
    assert.equal(await playhead.stop(), 0)
    const fleet = await openFleet(join(workspace.directory, topic), workspace.broker.address, 'store')
    try {
      const verdict = await oracle.verify(fleet.store)
      await reportCase(`13 ${STALLED} stalled readers, ${QUESTIONS} questions`, { ...verdict, caughtUpAfter })
    } finally {
      await fleet.close()
      await oracle.close()
    }
  })
})

/** A reader of the live feed that reads nothing. */
function stall({ url }: RunningPlayhead): Socket {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.pause()
  socket.write(`GET /api/live HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
  return socket
}

/** @returns the number of answers */
async function askAgainAndAgain(
  { url }: RunningPlayhead,
  first: number,
  signal: AbortSignal,
): Promise<number> {
  let asked = 0
  for (let next = first; !signal.aborted; next++) {
    const path = EXPENSIVE[next % EXPENSIVE.length] ?? ''
    const response = await fetch(url + path)
    await response.arrayBuffer()
    // Under load, a question may be refused; it must not stop the pipeline.
    if (response.ok) asked += 1
  }
  return asked
}

/** @returns peak memory in bytes until `signal` */
async function watchMemory(playhead: RunningPlayhead, signal: AbortSignal): Promise<number> {
  let most = 0
  while (!signal.aborted) {
    most = Math.max(most, (await takeSample(playhead)).rss)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return most
}

async function metric({ url }: RunningPlayhead, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)
}
