import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { Admin } from '@platformatic/kafka'
import { PARTITIONS } from '../../src/kafka/topics.ts'
import { REASON_CODES } from '../../src/listen/reason.ts'
import { BAD } from '../support/bad-values.ts'
import { type Fleet, openFleet } from '../support/fleet.ts'
import { mutatedBatches, unaccounted } from '../support/mutations.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { produceRaw, rawBatch, rawRecord, varint } from '../support/raw-batch.ts'
import { reportCase, THOROUGH } from '../support/report.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const DAY = 86_400
const MIB = 1_048_576

describe('records that are hard to handle', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())

  /** Runs one case with a separate topic and store. */
  async function onItsOwn(
    topic: string,
    run: (oracle: Oracle, fleet: Fleet) => Promise<void>,
  ): Promise<void> {
    const { address } = workspace.broker
    const oracle = await createOracle(address, topic)
    const fleet = await openFleet(workspace.directory, address, topic)
    try {
      await run(oracle, fleet)
    } finally {
      await fleet.close()
      await oracle.close()
    }
  }

  it('8. keeps the good among records that are bad in every way, and large ones, and many bad ones in a row', () =>
    onItsOwn('poison', async (oracle, fleet) => {
      await fleet.join()
      const values = REASON_CODES.map((reason) => BAD[reason])
      const stopTraffic = oracle.drive({
        rate: 2_000,
        spoil: (number) => (number % 10 === 0 ? values[(number / 10) % values.length] : undefined),
      })
      await until('traffic', () => oracle.acknowledged > (THOROUGH ? 60_000 : 3_000))
      await stopTraffic()
      await oracle.send(3_000, {
        spoil: (number) => (number % 10 === 0 ? randomBytes(1 + (number % 300)) : undefined),
      })
      await oracle.send(1, { spoil: () => randomBytes(MIB) })
      await oracle.send(1, { bytes: MIB })
      const inARow = THOROUGH ? 100_000 : 5_000
      await oracle.send(inARow, { spoil: (number) => (number % 2 === 0 ? Buffer.from('{}') : null) })
      await oracle.send(inARow, { spoil: (number) => (number % 1_000 === 0 ? undefined : Buffer.from('[')) })
      await oracle.send(1_000)
      await reportCase('8 poison', await oracle.verify(fleet.store))
      const reasons = await fleet.store.rows<[string]>('SELECT DISTINCT reason FROM dead_letters')
      assert.deepEqual(new Set(reasons.map(([reason]) => reason)), new Set(REASON_CODES))
    }))

  it('8b. keeps the good beside batches that are unusual, expand, or have dead letters larger than their topic takes', () =>
    onItsOwn('batches', async (oracle, fleet) => {
      await fleet.join()
      const stopTraffic = oracle.drive({ rate: 1_000 })
      let bad = 0
      for (let round = 0; round < (THOROUGH ? 20 : 1); round += 1)
        for (let partition = 0; partition < PARTITIONS; partition += 1)
          for (const { records, batch } of badBatches()) {
            const { error } = await produceRaw(workspace.broker.address, 'batches', partition, batch)
            assert.equal(error, 0)
            bad += records
          }
      await until('traffic', () => oracle.acknowledged > 3_000)
      await stopTraffic()
      await reportCase('8b unusual batches', await oracle.verify(fleet.store))
      await until(
        `${bad} dead letters`,
        async () => {
          const [row] = await fleet.store.rows<[number]>('SELECT count() FROM dead_letters FINAL')
          return row?.[0] === bad
        },
        120_000,
      )
    }))

  it('8c. accounts for each offset of batches that are changed at random', async () => {
    let left = THOROUGH ? 2_000_000 : 20_000
    for (const bytes of mutatedBatches(Date.now() % 2 ** 31)) {
      assert.equal(await unaccounted(bytes), null)
      left -= 1
      if (left === 0) break
    }
  })

  it('11. keeps a hot key in order', () =>
    onItsOwn('hot', async (oracle, fleet) => {
      await fleet.join()
      const stopTraffic = oracle.drive({ rate: 5_000, hot: 0.9 })
      await until('traffic', () => oracle.acknowledged > (THOROUGH ? 100_000 : 10_000))
      await stopTraffic()
      await reportCase('11 hot key', await oracle.verify(fleet.store))
      const [row] = await fleet.store.rows<[number]>(
        "SELECT countIf(user_id = 'user-0') / count() FROM listens",
      )
      assert.ok((row?.[0] ?? 0) > 0.85)
    }))

  it('9. answers questions of time rightly when events come days late and the clock jumps', () =>
    onItsOwn('late', async (oracle, fleet) => {
      const now = Math.floor(Date.now() / 1000)
      const timestampOf = (number: number) => now + 3_000 - ((number * 7_919) % (10 * DAY))
      await fleet.join()
      await oracle.send(5_000, { timestampOf })
      await reportCase('9 late and early', await oracle.verify(fleet.store))
      const days = new Map<number, number>()
      for (let number = 1; number <= 5_000; number++) {
        const day = Math.floor(timestampOf(number) / DAY)
        days.set(day, (days.get(day) ?? 0) + 1)
      }
      const rows = await fleet.store.rows<[number, number]>(
        'SELECT toUInt32(toDate(listened_at)), count() FROM listens GROUP BY 1',
      )
      assert.deepEqual(new Map([...rows].sort()), new Map([...days].sort()))
    }))

  it('10. heals when the committed offsets are moved to the beginning', () =>
    onItsOwn('rewound', async (oracle, fleet) => {
      const first = await fleet.join()
      await oracle.send(4_000, {
        spoil: (number) => (number % 50 === 0 ? Buffer.from('?') : undefined),
      })
      await oracle.verify(fleet.store)
      assert.equal(await first.stop(), 0)
      await rewind(workspace.broker.address, fleet)
      await fleet.join()
      await oracle.send(1_000)
      await reportCase('10 offsets moved back', await oracle.verify(fleet.store))
      const [row] = await fleet.store.rows<[number]>('SELECT count() FROM dead_letters FINAL')
      assert.equal(row?.[0], oracle.acknowledgedBad)
    }))
})

/** Batches of bad records that the broker accepts, one per kind, with their number of records. */
function badBatches(): { records: number; batch: Buffer }[] {
  const gzip = { attributes: 1, compress: (bytes: Buffer) => gzipSync(bytes) }
  const zstd = { attributes: 4, compress: (bytes: Buffer) => zstdCompressSync(bytes) }
  const least = -(2n ** 63n)
  const name = Buffer.from('trace')
  const length = 700_000
  const headers = [
    ...varint(1),
    ...varint(name.length),
    ...name,
    ...varint(length),
    ...Buffer.alloc(length, ' '),
  ]
  const wrapped = varint(BigInt.asIntN(64, BigInt(Date.now()) - least))
  const of = (records: Buffer[], options: Parameters<typeof rawBatch>[1]) => ({
    records: options?.count ?? records.length,
    batch: rawBatch(records, options),
  })
  const several = (count: number, value: Buffer | null, options = {}) =>
    Array.from({ length: count }, (_, at) => rawRecord(at, value, options))
  return [
    of(several(1, Buffer.alloc(9_000_000, ' ')), gzip),
    of(several(20, Buffer.from('not json'), { headers }), zstd),
    of(several(30, Buffer.alloc(1_000_000, ' ')), zstd),
    of(several(2_000, null), gzip),
    of(several(1, Buffer.from('['), { timestampDelta: wrapped }), { firstTimestamp: least }),
    of(
      [7, 0, 0].map((delta) => rawRecord(delta, Buffer.from('{}'))),
      {},
    ),
    of(several(2, Buffer.from('{}')), {
      attributes: 1,
      compress: (bytes) => Buffer.concat([gzipSync(bytes), randomBytes(40).fill(1, 0, 2)]),
    }),
  ]
}

/** Commits the beginning of every partition for the group of a store without a running pipeline. */
async function rewind(bootstrap: string, { store, topic }: Fleet): Promise<void> {
  const [identity] = await store.rows<[string]>('SELECT id FROM store_identity ORDER BY made_at, id LIMIT 1')
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [bootstrap] })
  try {
    await admin.alterConsumerGroupOffsets({
      groupId: `playhead-${identity?.[0]}`,
      topics: [
        {
          name: topic,
          partitionOffsets: Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, offset: 0n })),
        },
      ],
    })
  } finally {
    await admin.close()
  }
}
