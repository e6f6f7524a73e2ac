import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createProducer } from '../../src/kafka/producer.ts'
import { ensureTopics } from '../../src/kafka/topics.ts'
import { freePort } from '../../src/runtime/port.ts'
import type { Certificate } from '../support/certificates.ts'
import { record } from '../support/event.ts'
import { type Member, memberOf } from '../support/fleet.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { type RunningScript, startScript } from '../support/script.ts'
import { type SecureKafka, startSecureKafka } from '../support/secure-kafka.ts'
import { until } from '../support/until.ts'

const TOPIC = 'music-streams'
const secret = (what: string) => `${what}-${randomBytes(9).toString('hex')}`

describe('a Kafka with TLS, SASL and ACLs, and a ClickHouse with TLS and a login', () => {
  const passwords = {
    process: secret('process'),
    serve: secret('serve'),
    simulate: secret('simulate'),
    nobody: secret('nobody'),
    store: secret('store'),
  }
  const members: Member[] = []
  let folder: string
  let kafka: SecureKafka
  let front: RunningScript
  let clickhouse: Record<string, string>
  let certificate: Certificate

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-clusters-'))
    kafka = await startSecureKafka(join(folder, 'kafka'), {
      PLAIN: { serve: passwords.serve },
      'SCRAM-SHA-256': { simulate: passwords.simulate },
      'SCRAM-SHA-512': { process: passwords.process, nobody: passwords.nobody },
    })
    await ensureTopics(kafka.admin, TOPIC)
    for (const args of await documentedAcls()) await kafka.acls(args)
    certificate = await kafka.authority.sign('tail')
    const server = await kafka.authority.sign('clickhouse')
    front = startScript('clickhouse-front.ts', [
      join(folder, 'store'),
      String(await freePort()),
      JSON.stringify({ user: 'playhead', password: passwords.store, ...server }),
    ])
    clickhouse = {
      CLICKHOUSE_URL: await front.firstLine,
      CLICKHOUSE_USER: 'playhead',
      CLICKHOUSE_PASSWORD: passwords.store,
      CLICKHOUSE_CA_FILE: kafka.authority.ca,
    }
  })
  after(async () => {
    for (const member of members) if (member.ended() === null) await member.kill()
    await front?.kill()
    await kafka?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** The commands of docs/clusters.md, as arguments of `kafka-acls`: what is written there is what is tested. */
  async function documentedAcls(): Promise<string[][]> {
    const text = await readFile(new URL('../../docs/clusters.md', import.meta.url), 'utf8')
    const commands = [...text.matchAll(/^kafka-acls \$ADMIN (.*)$/gm)].map(([, args = '']) => args.split(' '))
    assert.ok(commands.length >= 6)
    return commands
  }

  const sasl = (user: string, mechanism: string, password: string) => ({
    KAFKA_BROKERS: kafka.saslAddress,
    KAFKA_TLS: 'on',
    KAFKA_TLS_CA_FILE: kafka.authority.ca,
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_USERNAME: user,
    KAFKA_PASSWORD: password,
  })
  const asProcess = (): Record<string, string> => ({
    ...sasl('process', 'SCRAM-SHA-512', passwords.process),
    ...clickhouse,
  })
  const asServe = (): Record<string, string> => ({
    ...sasl('serve', 'PLAIN', passwords.serve),
    ...clickhouse,
  })

  /** Starts a command and registers it, so that it ends with the tests. */
  function start(args: readonly string[], env: Record<string, string>): Member {
    const member = memberOf(spawnPlayhead(args, { LOG_LEVEL: 'trace', ...env }))
    members.push(member)
    return member
  }

  async function ended(member: Member): Promise<string> {
    await until('it ends', () => member.ended() !== null)
    return member.output()
  }

  /** What Playhead writes never holds a password, nor the form of one that a login sends. */
  function assertKeepsSecrets(text: string): void {
    for (const [what, password] of Object.entries(passwords)) {
      const { length } = password
      assert.ok(length > 20)
      assert.ok(!text.includes(password), `the password of ${what} is in:\n${text}`)
      for (const user of ['playhead', 'process', 'serve', 'simulate'])
        assert.ok(!text.includes(Buffer.from(`${user}:${password}`).toString('base64')), text)
    }
  }

  it('lets each role do its work with exactly the documented ACLs', async () => {
    const pipeline = start(['process'], asProcess())
    const url = `http://127.0.0.1:${await freePort()}`
    const web = start(['serve'], { ...asServe(), PORT: new URL(url).port })
    const tail = start(['tail', '--json', '--from-beginning', '--count', '25'], {
      KAFKA_BROKERS: kafka.tlsAddress,
      KAFKA_TLS: 'on',
      KAFKA_TLS_CA_FILE: kafka.authority.ca,
      KAFKA_TLS_CERT_FILE: certificate.certificate,
      KAFKA_TLS_KEY_FILE: certificate.key,
    })
    await until('the page is ready', () => web.output().includes('Playhead is ready') || web.ended() !== null)
    assert.equal(web.ended(), null, web.output())

    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, `${passwords.simulate}\n`)
    const { KAFKA_PASSWORD: _, ...simulator } = sasl('simulate', 'SCRAM-SHA-256', '')
    const crowd = start(['simulate', '--rate', '100', '--count', '24'], {
      ...simulator,
      KAFKA_PASSWORD_FILE: passwordFile,
    })
    assert.match(await ended(crowd), /24 events sent/)

    const { platform, mood, genre, title, artist, ...rest } = JSON.parse(String(record().value))
    const body = JSON.stringify({ platform, mood, genre, title, artist, ...rest })
    const posted = await fetch(`${url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    assert.equal(posted.status, 201, await posted.text())
    await sendBad()
    await until('all are stored', async () => {
      assert.equal(pipeline.ended(), null, pipeline.output())
      const totals = (await (await fetch(`${url}/api/stats/totals`)).json()) as { listens: number }
      return totals.listens === 25
    })
    await until('the bad one is shown', async () => {
      const answer = await fetch(`${url}/api/dead-letters`)
      const { dead_letters } = (await answer.json()) as { dead_letters: { id: string }[] }
      const [letter] = dead_letters
      if (letter === undefined) return false
      const shown = await fetch(`${url}/api/dead-letters/${letter.id}`)
      return (await shown.text()).includes('not an event')
    })
    assert.match(await ended(tail), /"partition"/)
    const answers: string[] = []
    for (const path of ['/readyz', '/metrics', '/api/openapi.json'])
      answers.push(await (await fetch(url + path)).text())
    assert.match(answers[0] ?? '', /"ready":true/)
    assert.equal(await pipeline.stop(), 0, pipeline.output())
    assert.equal(await web.stop(), 0, web.output())
    for (const member of [pipeline, web, crowd, tail]) {
      assert.doesNotMatch(member.output(), /KAFKA_NOT_ALLOWED|AUTHORIZATION_FAILED/)
      assertKeepsSecrets(member.output())
    }
    assertKeepsSecrets(answers.join('\n'))
  })

  async function sendBad(): Promise<void> {
    const options = { topic: TOPIC, role: 'test', retries: 3, compression: 'none' } as const
    const producer = createProducer(kafka.admin, options)
    await producer.send([{ key: Buffer.from('k'), value: Buffer.from('not an event') }])
    await producer.close()
  }

  it('names the missing right', async () => {
    const nobody = sasl('nobody', 'SCRAM-SHA-512', passwords.nobody)
    for (const args of [['simulate', '--count', '1'], ['tail'], ['process'], ['serve']]) {
      const output = await ended(start(args, { ...nobody, ...clickhouse }))
      assert.match(output, /^KAFKA_NOT_ALLOWED: .*docs\/clusters\.md/m, `${args[0]}: ${output}`)
      assertKeepsSecrets(output)
    }
    // A right that is only needed later is missed then; it is asked for again until it is there.
    await kafka.acls([
      '--add',
      '--allow-principal',
      'User:nobody',
      '--operation',
      'Describe',
      '--topic',
      TOPIC,
    ])
    const tail = start(['tail'], nobody)
    await until('tail says it', () => tail.output().includes('KAFKA_NOT_ALLOWED'))
    await tail.kill()
  })

  it('shows in the readiness of a pipeline that it may not join its group', async () => {
    for (const [operation, topic] of Object.entries({ Read: TOPIC, Write: `${TOPIC}.dlq` }))
      await kafka.acls([
        '--add',
        '--allow-principal',
        'User:nobody',
        '--operation',
        operation,
        '--topic',
        topic,
      ])
    const pipeline = start(['process'], {
      ...sasl('nobody', 'SCRAM-SHA-512', passwords.nobody),
      ...clickhouse,
      METRICS_PORT: '0',
    })
    const url = await until('its address', () => {
      assert.equal(pipeline.ended(), null, pipeline.output())
      return /Health and metrics are at (http\S+)/.exec(pipeline.output())?.[1]
    })
    const readiness = async () => (await fetch(`${url}/readyz`)).text()
    const text = await until('the reason', async () => {
      const now = await readiness()
      return now.includes('KAFKA_NOT_ALLOWED') ? now : null
    })
    assert.match(text, /the consumer group \(GROUP_AUTHORIZATION_FAILED\).*docs\/clusters\.md/)
    assert.match(text, /"ready":false/)
    const group = ['--group', 'playhead-', '--resource-pattern-type', 'prefixed']
    await kafka.acls(['--add', '--allow-principal', 'User:nobody', '--operation', 'Read', ...group])
    await until('it is ready', async () => (await readiness()).includes('"ready":true'))
    const metrics = await (await fetch(`${url}/metrics`)).text()
    assert.match(metrics, /^playhead_consumer_lag_offsets\{partition="0"\} 0$/m)
    assert.equal((await (await fetch(`${url}/healthz`)).text()).trim(), '{"status":"ok"}')
    assert.equal(await pipeline.stop(), 0)
    assertKeepsSecrets([pipeline.output(), text, metrics].join('\n'))
  })

  it('says that the login is wrong', async () => {
    const wrong = secret('wrong')
    const attempts: [string[], Record<string, string>][] = [
      [['simulate', '--count', '1'], sasl('simulate', 'SCRAM-SHA-256', wrong)],
      [['process'], sasl('process', 'SCRAM-SHA-512', wrong)],
      [['serve'], sasl('serve', 'PLAIN', wrong)],
      // The right password with the wrong mechanism.
      [['tail'], sasl('process', 'PLAIN', passwords.process)],
    ]
    for (const [args, env] of attempts) {
      const output = await ended(start(args, { ...env, ...clickhouse }))
      assert.match(output, /^KAFKA_AUTH_FAILED: .*KAFKA_PASSWORD/m, `${args[0]}: ${output}`)
      assert.ok(!output.includes(wrong))
      assertKeepsSecrets(output)
    }
    for (const [role, env] of Object.entries({ process: asProcess(), serve: asServe() })) {
      const output = await ended(start([role], { ...env, CLICKHOUSE_PASSWORD: wrong }))
      assert.match(output, /^STORE_AUTH_FAILED: .*CLICKHOUSE_PASSWORD/m, output)
      assert.ok(!output.includes(wrong))
      assertKeepsSecrets(output)
    }
  })

  it('says that a certificate is not trusted', async () => {
    const { KAFKA_TLS_CA_FILE: _, ...untrusting } = asServe()
    assert.match(await ended(start(['tail'], untrusting)), /^KAFKA_TLS_FAILED: .*KAFKA_TLS_CA_FILE/m)
    const { CLICKHOUSE_CA_FILE: __, ...storeUntrusted } = asServe()
    assert.match(await ended(start(['serve'], storeUntrusted)), /^STORE_TLS_FAILED: .*CLICKHOUSE_CA_FILE/m)
    const plain = { KAFKA_BROKERS: kafka.saslAddress }
    assert.match(await ended(start(['tail'], plain)), /^KAFKA_TLS_FAILED: .*KAFKA_TLS/m)
    // A login without TLS is refused before anybody can say why.
    const { KAFKA_TLS_CA_FILE: ___, KAFKA_TLS: ____, ...open } = asServe()
    assert.match(await ended(start(['tail'], open)), /^KAFKA_AUTH_FAILED: .*KAFKA_TLS/m)
  })

  it('says in one line that nothing answers or that the connection is closed', async () => {
    const nobody = { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` }
    const { KAFKA_SASL_MECHANISM: _, KAFKA_USERNAME: __, KAFKA_PASSWORD: ___, ...nameless } = asServe()
    for (const env of [nobody, nameless]) {
      assert.match(await ended(start(['tail'], { ...env, LOG_LEVEL: 'silent' })), /^KAFKA_UNAVAILABLE: .*\n$/)
      const simulator = start(['simulate', '--count', '1'], { ...env, LOG_LEVEL: 'silent' })
      assert.match(await ended(simulator), /^TOPIC_UNAVAILABLE: .*KAFKA_SASL_MECHANISM.*\n$/)
    }
  })

  it('names the missing grant in the store', async () => {
    const readOnly = startScript('clickhouse-front.ts', [
      join(folder, 'read-only'),
      String(await freePort()),
      JSON.stringify({ user: 'playhead', password: passwords.store, readOnly: true }),
    ])
    const { CLICKHOUSE_CA_FILE: _, ...env } = asServe()
    const output = await ended(start(['serve'], { ...env, CLICKHOUSE_URL: await readOnly.firstLine }))
    assert.match(output, /^STORE_NOT_ALLOWED: .*CREATE TABLE.*docs\/clusters\.md/m)
    assertKeepsSecrets(output)
    await readOnly.kill()
  })

  it('is examined by doctor, with the right and with the wrong login', async () => {
    const right = await ended(start(['doctor'], asServe()))
    assert.match(right, /Kafka +ok +.*1 broker/)
    assert.match(right, /ClickHouse +ok +ClickHouse \d+/)
    const wrong = secret('wrong')
    const refused = { ...asServe(), KAFKA_PASSWORD: wrong, CLICKHOUSE_PASSWORD: wrong }
    const output = await ended(start(['doctor'], refused))
    assert.match(output, /Kafka +fail +.*KAFKA_PASSWORD/)
    assert.match(output, /ClickHouse +fail +.*CLICKHOUSE_PASSWORD/)
    const help = await ended(start(['process', '--help'], asProcess()))
    for (const text of [right, output, help]) {
      assert.ok(!text.includes(wrong))
      assertKeepsSecrets(text)
    }
  })
})
