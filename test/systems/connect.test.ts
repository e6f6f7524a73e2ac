import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createProducer } from '../../src/kafka/producer.ts'
import { ensureReportTopic, ensureTopics } from '../../src/kafka/topics.ts'
import { reportTopic } from '../../src/outputs/status/report.ts'
import { watchReports } from '../../src/outputs/status/reports.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { freePort } from '../../src/runtime/port.ts'
import { runPlayhead } from '../support/archive.ts'
import { record } from '../support/event.ts'
import { createOracle } from '../support/oracle.ts'
import { type RunningPostgres, startPostgres } from '../support/postgres.ts'
import { startSecureKafka } from '../support/secure-kafka.ts'
import { compare, listensOf, type RunningSink, startConnectProcess } from '../support/sink.ts'
import { reportSystem } from '../support/systems-report.ts'
import { until } from '../support/until.ts'
import { openWorkspace } from '../support/workspace.ts'

const TOPIC = 'music-streams'
const PATIENCE_MS = 180_000

describe('Kafka Connect', () => {
  let folder: string
  let postgres: RunningPostgres
  const workers: RunningSink[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-connect-'))
    postgres = await startPostgres(folder)
  })
  after(async () => {
    for (const worker of workers) if (worker.ended() === null) await worker.stop()
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const settings = (name: string) => ({
    PLAYHEAD_DATA: join(folder, name),
    CONNECTORS: 'postgres',
    POSTGRES_URL: `jdbc:postgresql://127.0.0.1:${postgres.port}/${postgres.database}`,
    POSTGRES_USER: postgres.user,
    POSTGRES_PASSWORD: postgres.password,
  })

  /**
   * Starts `playhead connect`; each `name` has a separate folder, in which it finds its worker
   * again.
   */
  async function startWorker(name: string, env: Record<string, string>): Promise<RunningSink> {
    const worker = await startConnectProcess({
      ...settings(name),
      CONNECT_PORT: String(await freePort()),
      ...env,
    })
    workers.push(worker)
    return worker
  }

  const workerPid = async (name: string) =>
    Number(await readFile(join(folder, name, 'connect', 'worker.pid'), 'utf8'))
  const runs = (worker: RunningSink) =>
    until('the connector runs', async () => (await worker.state()).state === 'running', PATIENCE_MS)
  async function idsHeld(): Promise<string[]> {
    const sql = `SELECT __connect_partition || '/' || __connect_offset AS id FROM listens`
    return (await postgres.query<{ id: string }>(sql).catch(() => [])).map(({ id }) => id)
  }
  async function titlesHeld(): Promise<string[]> {
    const rows = await postgres.query<{ title: string }>('SELECT title FROM listens ORDER BY title')
    return rows.map(({ title }) => title)
  }

  it('shares its work among workers of several machines, and continues with the remaining ones', async () => {
    const workspace = await openWorkspace()
    try {
      const oracle = await createOracle(workspace.broker.address, TOPIC)
      // Every address of the loopback network is this machine, and yet they are two, as those of two machines are.
      const machine = (host: string) => ({
        KAFKA_BROKERS: workspace.broker.address,
        CONNECT_MODE: 'distributed',
        CONNECT_PASSWORD: 'of both workers: \\ "',
        CONNECT_HOST: host,
      })
      const port = await freePort()
      const one = await startWorker('one', { ...machine('127.0.0.1'), CONNECT_PORT: String(port) })
      await runs(one)
      const { status } = await fetch(`http://127.0.0.1:${port}/connectors`)
      assert.equal(status, 401, 'without the password the REST interface answers nobody')
      const other = await startWorker('other', machine('127.0.0.2'))
      await runs(other)
      const stop = oracle.drive({ rate: 400 })
      await until('listens arrive', async () => (await idsHeld()).length > 400, PATIENCE_MS)
      await one.kill()
      process.kill(await workerPid('one'), 'SIGKILL')
      const left = oracle.acknowledged
      await until(
        'listens arrive from before and after',
        async () => (await idsHeld()).length > left + 400,
        PATIENCE_MS,
      )
      const again = await startWorker('one', machine('127.0.0.1'))
      await runs(again)
      await stop()
      const expected = new Set(
        [...(await listensOf(workspace.broker.address, TOPIC)).keys()].map((id) =>
          id.slice(id.indexOf('/') + 1),
        ),
      )
      await until(
        'PostgreSQL has them all',
        async () => (await idsHeld()).length >= expected.size,
        PATIENCE_MS,
      )
      const verdict = compare(expected, await idsHeld())
      assert.deepEqual(verdict, { events: expected.size, missing: 0, twice: 0 })
      await reportSystem({ system: 'connect', case: 'distributed, one of two killed', ...verdict })
      for (const worker of [again, other]) assert.equal(await worker.stop(), 0, worker.output())
      await oracle.close()
    } finally {
      await workspace.close()
    }
  })

  it('reads from brokers with TLS and logins, with only the rights of its guide, and keeps the password secret', async () => {
    const password = randomBytes(12).toString('hex')
    const kafka = await startSecureKafka(join(folder, 'kafka'), {
      PLAIN: {},
      'SCRAM-SHA-256': {},
      'SCRAM-SHA-512': { connect: password },
    })
    try {
      await postgres.query('DROP TABLE IF EXISTS listens')
      await ensureTopics(kafka.admin, TOPIC)
      await ensureReportTopic(kafka.admin, reportTopic(TOPIC))
      const guide = await readFile(new URL('../../docs/clusters.md', import.meta.url), 'utf8')
      const commands = [...guide.matchAll(/^kafka-acls \$ADMIN (.* User:connect .*)$/gm)]
      assert.equal(commands.length, 4)
      for (const [, args = ''] of commands) await kafka.acls(args.split(' '))
      const login = (given: string) => ({
        KAFKA_BROKERS: kafka.saslAddress,
        KAFKA_TLS: 'on',
        KAFKA_TLS_CA_FILE: kafka.authority.ca,
        KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
        KAFKA_USERNAME: 'connect',
        KAFKA_PASSWORD: given,
      })
      const wrong = await runPlayhead(['connect'], { ...settings('wrong'), ...login('wr0ng-one') })
      assert.equal(wrong.code, 1, wrong.output)
      assert.match(wrong.output, /^KAFKA_AUTH_FAILED: .*KAFKA_PASSWORD/m)
      assert.ok(!wrong.output.includes('wr0ng-one'))
      const worker = await startWorker('secure', login(password))
      await runs(worker)
      const producer = createProducer(kafka.admin, {
        topic: TOPIC,
        role: 'test',
        retries: 5,
        compression: 'none',
      })
      const titles = Array.from({ length: 500 }, (_, at) => `Song ${String(at).padStart(3, '0')}`)
      await producer.send([
        ...titles.map((title) => record({ title })),
        { key: Buffer.from('bad'), value: Buffer.from('no JSON') },
      ])
      await producer.close()
      await until('PostgreSQL has them all', async () => (await idsHeld()).length >= 500, PATIENCE_MS)
      assert.deepEqual(await titlesHeld(), titles)
      const log = createLogger('silent')
      const reports = watchReports({ connection: kafka.admin, topic: TOPIC, own: null, log })
      await until('other processes are told of it', () =>
        reports.states().some(({ name, state }) => name === 'postgres' && state === 'running'),
      )
      await reports.close()
      await until('all of them are dealt with', async () => /lag_offsets{.*} 0/.test(await worker.metrics()))
      const files = ['connect/worker.properties', 'logs/connect.log', 'logs/connect.out']
      for (const file of files)
        assert.ok(!(await readFile(join(folder, 'secure', file), 'utf8')).includes(password), file)
      assert.ok(!worker.output().includes(password))
      assert.equal(await worker.stop(), 0, worker.output())
      await reportSystem({ system: 'connect', case: 'TLS, SASL and ACLs', events: 500, missing: 0, twice: 0 })
    } finally {
      await kafka.close()
    }
  })
})
