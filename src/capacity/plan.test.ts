import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MEASURED } from './measured.ts'
import { type Demand, planFor } from './plan.ts'

const DEMAND: Demand = { eventsPerSecond: 10_000, days: 90, topicDays: 7, diskPerServer: 4e12 }

const countOf = (demand: Partial<Demand>, what: string) =>
  planFor({ ...DEMAND, ...demand }).needs.find((need) => need.what === what)?.count ?? Number.NaN

describe('plan', () => {
  it('asks for the least that survives a failure where little is to be carried', () => {
    const small = { eventsPerSecond: 1, days: 1 }
    assert.equal(countOf(small, 'Kafka brokers'), 3)
    assert.equal(countOf(small, 'pipeline processes'), 2)
    assert.equal(countOf(small, 'ClickHouse shards'), 1)
    assert.equal(countOf(small, 'ClickHouse servers'), 2)
  })

  it('plans processes and shards with half of what was measured', () => {
    const eventsPerSecond = 10 * MEASURED.eventsPerProcess.value
    assert.equal(countOf({ eventsPerSecond }, 'pipeline processes'), 20)
    const rows = { eventsPerSecond: 10 * MEASURED.insertsPerShard.value, days: 1 }
    assert.equal(countOf(rows, 'ClickHouse shards'), 20)
  })

  it('has two partitions or more for each process', () => {
    const demand = { eventsPerSecond: 1_000_000 }
    assert.ok(countOf(demand, 'partitions of the topic') >= 2 * countOf(demand, 'pipeline processes'))
  })

  it('asks for more shards when listens are kept for longer than the disks of the others hold', () => {
    const years = planFor({ ...DEMAND, eventsPerSecond: 200_000, days: 3_650 })
    const shards = years.needs.find(({ what }) => what === 'ClickHouse shards')
    assert.equal(shards?.because, 'to keep the listens')
    assert.ok((shards?.count ?? 0) * 4e12 * 0.7 >= years.storeBytes / 2)
  })

  it('keeps all of the topic on the disks of its brokers', () => {
    const plan = planFor({ ...DEMAND, eventsPerSecond: 500_000, topicDays: 60 })
    assert.ok((plan.needs[0]?.count ?? 0) * 4e12 * 0.7 >= plan.topicBytes)
  })
})
