import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { createClient } from '@clickhouse/client'
import { freePort } from '../../src/runtime/port.ts'
import { openClickHouse } from '../../src/store/clickhouse.ts'
import { onCluster } from '../../src/store/cluster-ddl.ts'
import { type Fleet, memberOf, openFleet } from '../support/fleet.ts'
import { createOracle, type Oracle } from '../support/oracle.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const CLUSTER = 'plays'
const SCHEMA = new URL('../../schema/', import.meta.url)

// The embedded engine is a cluster of one server here, without coordination: what is Replicated is not, what is Distributed is.
describe('a store that is a cluster', () => {
  let workspace: Workspace
  let fleet: Fleet
  let oracle: Oracle
  let cases = 0
  before(async () => {
    workspace = await openWorkspace()
  })
  after(() => workspace.close())
  beforeEach(async () => {
    cases += 1
    oracle = await createOracle(workspace.broker.address, `cluster-${cases}`)
    fleet = await openFleet(workspace.directory, workspace.broker.address, `cluster-${cases}`, CLUSTER)
  })
  afterEach(async () => {
    await fleet.close()
    await oracle.close()
  })

  const verified = async () => {
    const verdict = await oracle.verify(fleet.store)
    assert.deepEqual([verdict.missing, verdict.twice], [0, 0], JSON.stringify(verdict))
  }

  it('is created with statements that the engine understands', async () => {
    const client = createClient({ url: fleet.url })
    try {
      for (const name of await readdir(SCHEMA)) {
        const text = await readFile(new URL(name, SCHEMA), 'utf8')
        for (const statement of text.split(/;\s*$/m)) {
          if (statement.trim() === '') continue
          for (const query of onCluster(statement, { name: CLUSTER, database: 'playhead' })) {
            const result = await client.query({
              query: 'SELECT formatQuerySingleLine({query:String})',
              query_params: { query },
              format: 'JSONCompactEachRow',
            })
            const [[formatted] = ['']] = (await result.json()) as string[][]
            assert.match(String(formatted), / ON CLUSTER plays /, query)
          }
        }
      }
    } finally {
      await client.close()
    }
  })

  it('keeps every listen once while its processes are killed and join', async () => {
    const stopTraffic = oracle.drive({ rate: 1_000 })
    const first = await fleet.join()
    await until('listens are stored', async () => (await fleet.countStored()) > 500)
    await first.kill()
    const second = await fleet.join()
    await fleet.join()
    const wanted = oracle.acknowledged + 2_000
    await until('traffic goes on', () => oracle.acknowledged > wanted)
    assert.equal(await second.stop(), 0, second.output())
    await stopTraffic()
    await verified()
    const shards = await fleet.store.rows<[string]>(
      "SELECT engine FROM system.tables WHERE database = 'playhead' AND name LIKE 'listens%' ORDER BY name",
    )
    assert.deepEqual(shards, [['Distributed'], ['MergeTree']])
  })

  it('keeps every listen once when only some shards have stored an INSERT', async () => {
    await fleet.join()
    const stopTraffic = oracle.drive({ rate: 1_000 })
    await until('listens are stored', async () => (await fleet.countStored()) > 500)
    await fleet.storeInPart()
    const wanted = oracle.acknowledged + 3_000
    await until('traffic goes on', () => oracle.acknowledged > wanted)
    await stopTraffic()
    await verified()
  })

  it('says that the server knows no cluster of that name', async () => {
    await assert.rejects(openClickHouse(fleet.url, undefined, 'plasy'), {
      code: 'STORE_CLUSTER_UNKNOWN',
      message: /plasy.*Check CLICKHOUSE_CLUSTER/,
    })
  })

  it('answers every question of the page', async () => {
    await fleet.join()
    // Times that all differ and a filter of many words make the longest page's question longer than an address may be.
    const began = Math.floor(Date.now() / 1000) - 100_000
    const stopTraffic = oracle.drive({ rate: 500, timestampOf: (number) => began + number })
    await until('listens are stored', async () => (await fleet.countStored()) > 1_000)
    await stopTraffic()
    const port = await freePort()
    const web = memberOf(
      spawnPlayhead(['serve'], {
        PORT: String(port),
        KAFKA_BROKERS: workspace.broker.address,
        KAFKA_TOPIC: fleet.topic,
        CLICKHOUSE_URL: fleet.url,
        CLICKHOUSE_CLUSTER: CLUSTER,
      }),
    )
    try {
      const url = `http://127.0.0.1:${port}`
      await until('it serves', () => {
        if (web.ended() !== null) throw new Error(web.output())
        return web.output().includes('Playhead is ready')
      })
      const openapi = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
        paths: Record<string, { get?: { parameters?: { required?: boolean }[] } }>
      }
      const asked = Object.entries(openapi.paths)
        .filter(([path, { get }]) => get !== undefined && !/[{*]|live|export/.test(path))
        .map(([path]) => path)
      assert.ok(asked.length >= 15, asked.join(' '))
      const others = Array.from({ length: 30 }, (_, at) => `genre=Genre%20number%20${at}`).join('&')
      for (const path of [...asked, `/api/listens?limit=1000&genre=Alt%20Pop&${others}`]) {
        const answer = await fetch(url + path)
        assert.ok(answer.status < 500, `${path}: ${answer.status} ${await answer.text()}`)
      }
      assert.equal(await web.stop(), 0)
    } finally {
      if (web.ended() === null) await web.kill()
    }
  })
})
