import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ensureJars } from '../../src/kafka/jars.ts'
import { findJava } from '../../src/kafka/java.ts'
import { freePort } from '../../src/runtime/port.ts'
import { maskAddresses } from '../../src/settings/secret.ts'
import { runPlayhead } from '../support/archive.ts'
import { type Member, memberOf } from '../support/fleet.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const MARKER = 'm4rk3r'
const LOG_SETTINGS = new URL('../../kafka/log4j2.xml', import.meta.url).href

describe('a secret', () => {
  let workspace: Workspace
  let folder: string
  const members: Member[] = []
  const children: ChildProcess[] = []

  before(async () => {
    workspace = await openWorkspace()
    folder = await mkdtemp(join(tmpdir(), 'playhead-secrets-'))
  })

  after(async () => {
    for (const member of members) if (member.ended() === null) await member.kill()
    for (const child of children) child.kill('SIGKILL')
    await workspace.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** A different marker for each setting, so that a leak names its source. */
  const marked = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `${MARKER}-${name}`]))

  function assertHidden(text: string, where: string): void {
    const found = new RegExp(`.{0,80}${MARKER}.{0,40}`).exec(text)
    assert.equal(found, null, `${where} shows ${found?.[0]}`)
  }

  async function assertFilesHide(path: string): Promise<void> {
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name)
      if (entry.isFile()) assertHidden(await readFile(file, 'latin1').catch(() => ''), file)
    }
  }

  it('of an output or the archive shows in no log, answer, metric, file or command line', async () => {
    const port = String(await freePort())
    const data = join(folder, 'up')
    const nowhere = `127.0.0.1:${await freePort()}`
    const up = memberOf(
      spawnPlayhead(['up'], {
        PLAYHEAD_DATA: data,
        PORT: port,
        KAFKA_BROKERS: workspace.broker.address,
        SIMULATOR_INTERVAL: '0',
        LOG_LEVEL: 'trace',
        SINKS: 'cassandra',
        CASSANDRA_CONTACT_POINTS: nowhere,
        CASSANDRA_USERNAME: 'user',
        ARCHIVE: 's3://plays-of-a-test/prefix',
        ARCHIVE_S3_ENDPOINT: `http://${nowhere}`,
        ARCHIVE_ACCESS_KEY: 'access',
        ...marked('CASSANDRA_PASSWORD', 'ARCHIVE_SECRET_KEY'),
      }),
    )
    members.push(up)
    await until('it is ready', () => up.output().includes('Playhead is ready at'))
    await until('the output has failed', () => up.output().includes('CASSANDRA_CONTACT_POINTS'))
    for (const path of ['/metrics', '/readyz', '/api/systems', '/api/errors'])
      assertHidden(await (await fetch(`http://127.0.0.1:${port}${path}`)).text(), path)
    assertHidden(await readFile(`/proc/${up.pid}/cmdline`, 'latin1').catch(() => ''), 'the command line')
    process.kill(up.pid, 'SIGTERM')
    await until('it has ended', () => up.ended() !== null)
    assertHidden(up.output(), 'the log')
    await assertFilesHide(data)
  })

  it('of Kafka or ClickHouse shows in no error, given alone or in an address', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`
    const shared = { PLAYHEAD_DATA: join(folder, 'process'), LOG_LEVEL: 'trace' }
    const kafka = { KAFKA_BROKERS: workspace.broker.address }
    for (const [args, env] of [
      [['process'], { ...kafka, CLICKHOUSE_URL: `http://${nowhere}`, ...marked('CLICKHOUSE_PASSWORD') }],
      [['process'], { ...kafka, CLICKHOUSE_URL: `http://user:${MARKER}@${nowhere}` }],
      [['doctor'], { ...kafka, CLICKHOUSE_URL: `http://user:${MARKER}@${nowhere}` }],
      [
        ['tail'],
        {
          ...kafka,
          KAFKA_SASL_MECHANISM: 'PLAIN',
          KAFKA_USERNAME: 'user',
          ...marked('KAFKA_PASSWORD'),
        },
      ],
    ] as const) {
      const { code, output } = await runPlayhead(args, { ...shared, ...env } as Record<string, string>)
      assert.notEqual(code, 0, output)
      assertHidden(output, args.join(' '))
    }
  })

  it('in an address shows neither in a message nor in a log of Java', async () => {
    const addresses = [
      `jdbc:postgresql://host/db?user=u&password=${MARKER}&ssl=true`,
      `jdbc:sqlserver://host;user=u;pwd=${MARKER};x=1`,
      `postgres://user:${MARKER}@host/db`,
    ]
    for (const address of addresses) assertHidden(maskAddresses(`failed: ${address}`), 'a message')
    assert.equal(
      maskAddresses(addresses[0] ?? ''),
      'jdbc:postgresql://host/db?user=u&password=(secret)&ssl=true',
    )

    // The first lines of a worker of Kafka Connect are its arguments; later it logs settings, as its connectors do.
    const log = join(folder, 'connect.log')
    const { command } = await findJava({ javaHome: null })
    const settings = [`-Dlog4j2.configurationFile=${LOG_SETTINGS}`, `-Dplayhead.kafka.log=${log}`]
    const properties = join(folder, 'worker.properties')
    await writeFile(properties, '')
    const main = ['org.apache.kafka.connect.cli.ConnectStandalone', properties]
    const args = [
      `-Daddresses=${addresses.join(' ')}`,
      ...settings,
      '-cp',
      await ensureJars('tools'),
      ...main,
    ]
    children.push(spawn(command, args, { stdio: 'ignore' }))
    const text = await until('the worker logs its arguments', async () => {
      const logged = await readFile(log, 'utf8').catch(() => '')
      return logged.includes('jvm.args') ? logged : null
    })
    assert.match(text, /password=\(secret\)&ssl=true .*pwd=\(secret\);x=1 .*user:\(secret\)@host/)
    assertHidden(text, 'the log')
  })
})
