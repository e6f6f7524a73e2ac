import assert from 'node:assert/strict'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { deadLetterTopic } from '../../src/kafka/topics.ts'
import { openFleet } from '../support/fleet.ts'
import { countCommitted, countRecords } from '../support/kafka.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { damageFile, partsOf } from '../support/parts.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { NO_SMALL_DISK, openSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const spoil = (number: number) => (number % 40 === 0 ? Buffer.from([number % 256, 0xff, 0x7b]) : undefined)

describe('a store that refuses', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  /** Stops Playhead and compares its folder with the acknowledged events. */
  async function settle(name: string, folder: string, oracle: Oracle, playhead: RunningPlayhead) {
    const since = performance.now()
    await until('it has caught up', async () => (await playhead.totals()).listens >= oracle.acknowledged)
    const caughtUpAfter = (performance.now() - since) / 1000
    assert.equal(await playhead.stop(), 0)
    await compare(name, folder, oracle, caughtUpAfter)
    await oracle.close()
  }

  async function compare(name: string, folder: string, oracle: Oracle, caughtUpAfter: number) {
    const fleet = await openFleet(join(workspace.directory, folder), workspace.broker.address, 'store')
    try {
      await reportCase(name, { ...(await oracle.verify(fleet.store)), caughtUpAfter })
    } finally {
      await fleet.close()
    }
  }

  const REFUSALS: Record<
    string,
    [(disk: SmallDisk) => Promise<void>, (disk: SmallDisk) => Promise<void>, RegExp]
  > = {
    'its disk is full': [
      (disk) => disk.fill(),
      (disk) => disk.free(),
      /the disk of the store is full; free some space/,
    ],
    'it can only be read': [
      (disk) => disk.makeReadOnly(),
      (disk) => disk.makeWritable(),
      /the store is read-only; make its folder writable/,
    ],
  }
  for (const [what, [hurt, cure, advice]] of Object.entries(REFUSALS))
    it(`7. waits and reports it while ${what}, then catches up`, { skip: NO_SMALL_DISK }, async () => {
      const topic = what.replaceAll(' ', '-')
      const folder = join(workspace.directory, topic, 'store')
      const disk = await openSmallDisk(folder, 200)
      const oracle = await createOracle(workspace.broker.address, topic)
      try {
        const playhead = await workspace.start({ KAFKA_TOPIC: topic }, topic, disk.under)
        const stopTraffic = oracle.drive({ rate: 2_000, spoil })
        await until('traffic is stored', async () => (await playhead.totals()).listens > 2_000)
        await hurt(disk)
        const { pipeline } = await until('it reports it', async () => {
          const readiness = await playhead.readiness()
          return readiness.ready || readiness.pipeline.ok ? null : readiness
        })
        // Either insert may be the first to fail on the disk.
        assert.match(
          pipeline.detail,
          /^Storing (?:listens|the index of dead letters) fails since \d{4}-\d\d-\d\dT[\d:.]+Z: /,
        )
        assert.match(pipeline.detail, advice)
        const { listens } = await playhead.totals()
        const wanted = oracle.acknowledged + (THOROUGH ? 60_000 : 6_000)
        await until('traffic goes on', () => oracle.acknowledged > wanted)
        assert.equal((await playhead.totals()).listens, listens)
        const letters = await countRecords(workspace.broker.address, deadLetterTopic(topic))
        assert.ok((await countCommitted(workspace.broker.address, topic)) <= listens + letters)
        await cure(disk)
        await stopTraffic()
        const since = performance.now()
        await until('it has caught up', async () => (await playhead.totals()).listens >= oracle.acknowledged)
        const caughtUpAfter = (performance.now() - since) / 1000
        assert.equal((await playhead.readiness()).ready, true)
        assert.equal(await playhead.stop(), 0)
        await disk.copyTo(join(workspace.directory, `${topic}-after`, 'store'))
        await compare(`7 ${what}`, `${topic}-after`, oracle, caughtUpAfter)
      } finally {
        await oracle.close()
        await disk.close()
      }
    })

  for (const [what, damage] of Object.entries(damageFile))
    it(`7. reads again what was in a part of which ${what}`, async () => {
      const topic = `damaged-${what.replaceAll(/\W/g, '-')}`
      const oracle = await createOracle(workspace.broker.address, topic)
      const first = await workspace.start({ KAFKA_TOPIC: topic }, topic)
      for (let batch = 1; batch <= 4; batch++) {
        await oracle.send(1_000, { spoil })
        await until('it is stored', async () => (await first.totals()).listens >= oracle.acknowledged)
      }
      assert.equal(await first.stop(), 0)
      // One from the middle: what was stored after it says that everything before is stored as well.
      const parts = await partsOf(join(workspace.directory, topic, 'store'))
      await damage(parts[Math.floor(parts.length / 2)] ?? '')
      const second = await workspace.start({ KAFKA_TOPIC: topic, LOG_LEVEL: 'info' }, topic)
      await oracle.send(500)
      await settle(`7 part of which ${what}`, topic, oracle, second)
      assert.match(second.output(), /a part of the store is damaged and was set aside/)
      assert.match(second.output(), /does not hold these offsets, but later ones; reading again/)
    })

  it('7. waits and reports it while questions hold the whole store, then catches up', async () => {
    const topic = 'held'
    const oracle = await createOracle(workspace.broker.address, topic)
    const fleet = await openFleet(workspace.directory, workspace.broker.address, topic)
    try {
      const playhead = await workspace.start({ KAFKA_TOPIC: topic, CLICKHOUSE_URL: fleet.url }, 'held-up')
      const stopTraffic = oracle.drive({ rate: 2_000, spoil })
      await until('traffic is stored', async () => (await playhead.totals()).listens > 2_000)
      // One question on each connection of the store.
      const body = `SELECT sleepEachRow(1) FROM numbers(${THOROUGH ? 30 : 7}) SETTINGS max_block_size = 1`
      const questions = Array.from({ length: 6 }, async () =>
        (await fetch(fleet.url, { method: 'POST', body })).text(),
      )
      const answered = Promise.allSettled(questions)
      const { pipeline } = await until('it reports it', async () => {
        const readiness = await playhead.readiness()
        return readiness.pipeline.ok ? null : readiness
      })
      // Any of its statements may be the one that waits.
      assert.match(pipeline.detail, /^Storing .+ has had no answer since \d{4}-/)
      await answered
      await Promise.all(questions)
      await stopTraffic()
      await reportCase('7 questions hold the store', await oracle.verify(fleet.store))
      assert.equal((await playhead.readiness()).ready, true)
      assert.equal(await playhead.stop(), 0)
    } finally {
      await fleet.close()
      await oracle.close()
    }
  })

  it('7. does not start on a store that it cannot open, and fills a new one when that is moved away', async () => {
    const topic = 'unusable'
    const oracle = await createOracle(workspace.broker.address, topic)
    const first = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await oracle.send(2_000, { spoil })
    await until('it is stored', async () => (await first.totals()).listens >= oracle.acknowledged)
    assert.equal(await first.stop(), 0)
    const store = join(workspace.directory, topic, 'store')
    const files = await readdir(store, { recursive: true })
    await writeFile(join(store, files.find((file) => file.endsWith('listens.sql')) ?? ''), 'damaged')
    await assert.rejects(workspace.start({ KAFKA_TOPIC: topic }, topic), (error: Error) => {
      assert.match(error.message, /^STORE_UNUSABLE: /m)
      assert.ok(error.message.includes(`mv ${store} ${store}.damaged`))
      return true
    })
    await rename(store, `${store}.damaged`)
    const second = await workspace.start({ KAFKA_TOPIC: topic }, topic)
    await settle('7 store moved away', topic, oracle, second)
  })
})
