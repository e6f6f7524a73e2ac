import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createProducer } from '../../src/kafka/producer.ts'
import { Failure } from '../../src/runtime/failure.ts'
import { administer, countRecords, readRecords } from '../support/kafka.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'narrow'
const LARGEST = 2_000

describe('a producer whose records are too large together', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
    await administer(workspace.broker.address, (admin) =>
      admin.createTopics({
        topics: [TOPIC],
        partitions: 3,
        replicas: 1,
        configs: [{ name: 'max.message.bytes', value: String(LARGEST) }],
      }),
    )
  })
  after(() => workspace.close())

  const open = () =>
    createProducer(
      { brokers: [workspace.broker.address] },
      { topic: TOPIC, role: 'test', retries: 3, compression: 'none' },
    )
  const recordOf = (partition: number, text: string) => ({ key: null, value: Buffer.from(text), partition })

  it('sends the refused partitions in halves, and no record of the others twice', async () => {
    const producer = open()
    // The broker refuses partitions 0 and 2 of this request, and accepts partition 1.
    const records = Array.from({ length: 90 }, (_, at) =>
      at % 3 === 1 ? recordOf(1, `small ${at}`) : recordOf(at % 3, `${at} ${'x'.repeat(250)}`),
    )
    const places = await producer.send(records)
    await producer.close()
    const found = await readRecords(workspace.broker.address, TOPIC, records.length)
    assert.equal(await countRecords(workspace.broker.address, TOPIC), records.length)
    const valueAt = new Map(found.map(({ partition, offset, value }) => [`${partition}/${offset}`, value]))
    for (const [at, { partition, offset }] of places.entries())
      assert.deepEqual(valueAt.get(`${partition}/${offset}`), records[at]?.value)
  })

  it('says that a single record is too large', async () => {
    const producer = open()
    const before = await countRecords(workspace.broker.address, TOPIC)
    await assert.rejects(
      producer.send([recordOf(0, 'x'.repeat(2 * LARGEST)), recordOf(1, 'small')]),
      (error) => error instanceof Failure && error.code === 'KAFKA_RECORD_TOO_LARGE',
    )
    await producer.close()
    assert.equal(await countRecords(workspace.broker.address, TOPIC), before + 1)
  })
})
