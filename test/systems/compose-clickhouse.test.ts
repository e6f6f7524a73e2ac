import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { type RunningScript, startScript } from '../support/script.ts'
import { startZooKeeper } from '../support/zookeeper.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CONFIGS = join(ROOT, 'containers', 'clickhouse')
const SECRETS = { CLICKHOUSE_PASSWORD: 'pass word', CLUSTER_SECRET: 'among servers' }

describe('the settings of ClickHouse in containers', () => {
  let directory: string
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-clickhouse-'))
  })
  after(() => rm(directory, { recursive: true, force: true }))

  /** Names of the cluster's services with this prefix. */
  async function servicesOf(beginning: string): Promise<string[]> {
    const { services } = parse(await readFile(join(ROOT, 'compose.cluster.yaml'), 'utf8'), {
      merge: true,
    }) as {
      services: Record<string, unknown>
    }
    return Object.keys(services).filter((name) => name.startsWith(beginning))
  }

  /** The engine's view of the settings that these services mount. */
  async function askConfig(names: readonly string[], users: string, questions: readonly string[]) {
    const home = await mkdtemp(join(directory, 'server-'))
    for (const folder of ['config.d', 'users.d']) await mkdir(join(home, folder))
    for (const name of names) await copyFile(join(CONFIGS, name), join(home, 'config.d', name))
    await copyFile(join(CONFIGS, users), join(home, 'users.d', 'playhead.xml'))
    // Of the files that the image brings, what the mounted ones build on.
    const base = '<tcp_port>9000</tcp_port><users_config>users.xml</users_config>'
    await writeFile(join(home, 'config.xml'), `<clickhouse>${base}</clickhouse>`)
    const user =
      '<password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota><access_management>1</access_management>'
    await writeFile(
      join(home, 'users.xml'),
      `<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>${user}</default></users></clickhouse>`,
    )
    const script = fileURLToPath(new URL('../support/clickhouse-config.ts', import.meta.url))
    const { stdout } = await run(process.execPath, [script, JSON.stringify(questions)], {
      cwd: home,
      env: { ...process.env, ...SECRETS, CLICKHOUSE_SHARD: '2', CLICKHOUSE_REPLICA: '1', KEEPER_ID: '3' },
    })
    return JSON.parse(stdout) as unknown[][][]
  }

  const USERS = 'SELECT name, host_ip, host_names FROM system.users ORDER BY name'

  it('reads ClickHouse’s settings as one user with the documented rights', async () => {
    const [grants, users] = await askConfig(['server.xml'], 'users.xml', ['SHOW GRANTS FOR playhead', USERS])
    assert.deepEqual(grants?.flat(), [
      'GRANT CREATE TEMPORARY TABLE ON *.* TO playhead',
      'GRANT SELECT, INSERT, ALTER TABLE, CREATE DATABASE, CREATE TABLE, DROP TABLE ON playhead.* TO playhead',
      'GRANT SELECT ON system.processes TO playhead',
    ])
    assert.deepEqual(users, [
      ['archive', ['::/0'], []],
      // The addresses of the machine itself go by this name.
      ['default', [], ['localhost']],
      ['playhead', ['::/0'], []],
    ])
  })

  it('gives that user exactly the rights that the roles need', async () => {
    const text = await readFile(join(CONFIGS, 'users.xml'), 'utf8')
    const [granted = ''] = /<grants>[\s\S]*?<\/grants>/.exec(text) ?? []
    const script = fileURLToPath(new URL('../support/migrate-here.ts', import.meta.url))
    // The engine's only session is that of `default`, so that user is given them.
    const tried = async (grants: string) => {
      const home = await mkdtemp(join(directory, 'rights-'))
      const own = `<password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>${grants}`
      await writeFile(
        join(home, 'users.xml'),
        `<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users><default>${own}</default></users></clickhouse>`,
      )
      await writeFile(
        join(home, 'config.xml'),
        '<clickhouse><users_config>users.xml</users_config></clickhouse>',
      )
      return await run(process.execPath, [script], { cwd: home })
    }
    assert.match((await tried(granted)).stdout, /"stored":0/)
    for (const right of ['CREATE DATABASE, ', 'SELECT, ', 'INSERT, ', 'CREATE TABLE, ', 'ALTER TABLE, '])
      await assert.rejects(tried(granted.replace(right, '')), /Not enough privileges/, right)
  })

  it('reads the cluster’s settings as two shards with two replicas, one server each', async () => {
    const [clusters, macros, grants] = await askConfig(['server.xml', 'cluster.xml'], 'cluster-users.xml', [
      'SELECT cluster, shard_num, replica_num, host_name, internal_replication FROM system.clusters ORDER BY ALL',
      'SELECT macro, substitution FROM system.macros ORDER BY macro',
      'SHOW GRANTS FOR playhead',
    ])
    assert.deepEqual(clusters, [
      ['playhead', 1, 1, 'clickhouse-1-1', 1],
      ['playhead', 1, 2, 'clickhouse-1-2', 1],
      ['playhead', 2, 1, 'clickhouse-2-1', 1],
      ['playhead', 2, 2, 'clickhouse-2-2', 1],
    ])
    assert.deepEqual(macros, [
      ['replica', '1'],
      ['shard', '2'],
    ])
    assert.deepEqual(grants?.slice(0, 2).flat(), [
      'GRANT CREATE TEMPORARY TABLE, CLUSTER ON *.* TO playhead',
      'GRANT REMOTE ON *.* TO playhead',
    ])
    assert.deepEqual(
      (await servicesOf('clickhouse-')).sort(),
      (clusters ?? []).map(([, , , host]) => String(host)),
    )
  })

  it('can read the keepers’ settings', async () => {
    assert.deepEqual(await askConfig(['keeper.xml'], 'users.xml', ['SELECT 1']), [[[1]]])
    const text = await readFile(join(CONFIGS, 'keeper.xml'), 'utf8')
    const hosts = [...text.matchAll(/<hostname>(.*)<\/hostname>/g)].map(([, host]) => host)
    assert.deepEqual(hosts, await servicesOf('keeper-'))
  })

  it('lets the tables be replicated: a spread one by its shard, the others by all servers', async () => {
    const zookeeper = await startZooKeeper(join(directory, 'zookeeper'))
    const servers: RunningScript[] = []
    try {
      const known = new Map<string, unknown[][]>()
      for (const [shard, replica] of ['11', '12', '21', '22'].map((place) => [...place])) {
        const home = join(directory, `clickhouse-${shard}-${replica}`)
        await mkdir(home, { recursive: true })
        const text = await readFile(join(CONFIGS, 'cluster.xml'), 'utf8')
        const [keepers = ''] = /<zookeeper>[\s\S]*<\/zookeeper>/.exec(text) ?? []
        const node = `<node><host>127.0.0.1</host><port>${zookeeper.port}</port></node>`
        await writeFile(
          join(home, 'config.xml'),
          text.replace(keepers, `<zookeeper>${node}</zookeeper><tcp_port>9000</tcp_port>`),
        )
        const server = startScript('make-tables-here.ts', [], {
          cwd: home,
          env: { ...process.env, ...SECRETS, CLICKHOUSE_SHARD: shard, CLICKHOUSE_REPLICA: replica },
        })
        servers.push(server)
        known.set(`${shard}-${replica}`, JSON.parse(await server.firstLine))
      }
      const last = known.get('2-2') ?? []
      assert.ok(last.length >= 8)
      for (const [table, path, name, copies] of last)
        if (table === 'listens_shard')
          assert.deepEqual([path, name, copies], ['/clickhouse/tables/playhead/2/listens', '2', 2])
        else assert.deepEqual([path, name, copies], [`/clickhouse/tables/playhead/all/${table}`, '2-2', 4])
      // The engine compares each copy's columns, order, rollups and engine with what the first one left there.
      assert.deepEqual(
        [...known.values()].map((tables) => tables.length),
        [last.length, last.length, last.length, last.length],
      )
    } finally {
      for (const server of servers) await server.kill()
      await zookeeper.stop()
    }
  })
})
