import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { record } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('commands', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  const children: ChildProcess[] = []
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await workspace.close()
  })

  /** Runs a command until it ends. */
  async function run(args: string[], env: Record<string, string> = {}) {
    const child = spawnPlayhead(args, { KAFKA_BROKERS: workspace.broker.address, ...env })
    let out = ''
    let err = ''
    child.stdout?.on('data', (chunk) => {
      out += chunk
    })
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, out, err }
  }

  const COMMANDS = 'up serve process connect sink simulate tail dlq export archive restore plan doctor'.split(
    ' ',
  )

  it('lists its commands', async () => {
    const { code, out } = await run(['--help'])
    assert.equal(code, 0)
    for (const name of COMMANDS) assert.match(out, new RegExp(`^  ${name} `, 'm'))
  })

  for (const name of COMMANDS)
    it(`explains ${name}`, async () => {
      const { code, out } = await run([name, '--help'])
      assert.equal(code, 0)
      assert.match(out, new RegExp(`^playhead ${name}: `))
      assert.match(out, /KAFKA_BROKERS/)
    })

  it('says which words follow a command that needs one', async () => {
    assert.match(
      (await run(['sink', '--help'])).out,
      /^Usage: playhead sink cassandra\|firestore \[flags\]$/m,
    )
    assert.match(
      (await run(['dlq', '--help'])).out,
      /^Usage: playhead dlq list\|show\|redrive\|drop \[flags\]$/m,
    )
  })

  it('says in one line what is wrong with its arguments', async () => {
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [['dance'], {}, /^BAD_COMMAND: .*simulate/],
      [['tail', '--loud'], {}, /^BAD_FLAG: .*--loud/],
      [['up'], { PORT: 'abc' }, /^BAD_SETTING: PORT .*"abc".*65535/],
      [['up', '--port', '70000'], {}, /^BAD_SETTING: --port .*"70000"/],
      [['up'], { SIMULATOR_RATE: '-1' }, /^BAD_SETTING: SIMULATOR_RATE/],
      [['up'], { KAFKA_BROKERS: 'nowhere' }, /^BAD_SETTING: KAFKA_BROKERS/],
      [['up'], { CLICKHOUSE_URL: 'ftp://user:secret@x' }, /^BAD_SETTING: CLICKHOUSE_URL(?!.*secret)/],
      [['up'], { HOST: '0.0.0.0' }, /^OPEN_TO_NETWORK: HOST=0\.0\.0\.0 .*OPEN_TO_NETWORK=on/],
      [['up'], { LOG_LEVEL: 'chatty' }, /^BAD_SETTING: LOG_LEVEL/],
      [['simulate', '--count', 'many'], {}, /^BAD_SETTING: --count/],
      [['plan', '--days', '0'], {}, /^BAD_SETTING: --days/],
      [['process'], {}, /^STORE_NOT_SHARED: .*CLICKHOUSE_URL/],
      [['serve'], {}, /^STORE_NOT_SHARED: .*CLICKHOUSE_URL/],
      [['export', '--url', 'http://127.0.0.1:1'], {}, /^PLAYHEAD_UNREACHABLE: .*npm start/],
    ]
    for (const [args, env, message] of wrong) {
      const { code, err } = await run(args, env)
      assert.equal(code, 1, args.join(' '))
      assert.match(err, message)
      assert.equal(err.trim().split('\n').length, 1, err)
    }
  })

  it('says how many servers a load needs, and from which figures', async () => {
    const { code, out } = await run(['plan', '--events-per-second', '1000000', '--days', '90'])
    assert.equal(code, 0)
    for (const what of [
      'Kafka brokers',
      'partitions',
      'processes',
      'ClickHouse shards',
      'disk for the store',
    ])
      assert.match(out, new RegExp(`^ +[\\d.,]+( TB)?  .*${what}`, 'm'))
    assert.match(out, /^Measured \(\d{4}-\d\d-\d\d/m)
    assert.match(out, /^Assumed:/m)
  })

  it('plays the same events for the same seed, and as many as asked', async () => {
    const play = async (topic: string) => {
      const { code, err } = await run(['simulate', '--seed', '7', '--count', '50', '--rate', '5000'], {
        KAFKA_TOPIC: topic,
      })
      assert.equal(code, 0, err)
      const records = await readRecords(workspace.broker.address, topic, 50)
      assert.equal(records.length, 50)
      return records
        .map(({ partition, offset, key, value }) => {
          const { timestamp: _, ...event } = JSON.parse(value?.toString() ?? '')
          assert.equal(key?.toString(), event.user_id)
          return { partition, offset, event }
        })
        .sort((a, b) => a.partition - b.partition || a.offset - b.offset)
    }
    assert.deepEqual(await play('first'), await play('second'))
  })

  it('follows the topic as text or JSON, without terminal control characters', async () => {
    const env = { KAFKA_BROKERS: workspace.broker.address, KAFKA_TOPIC: 'music-streams' }
    const { address: bootstrap } = workspace.broker
    await sendRecords(bootstrap, [record({ title: 'Earlier' })])
    const tail = spawnPlayhead(['tail', '--count', '2', '--json'], env)
    const readable = spawnPlayhead(['tail', '--count', '2'], env)
    children.push(tail, readable)
    let json = ''
    let lines = ''
    tail.stdout?.on('data', (chunk) => {
      json += chunk
    })
    readable.stdout?.on('data', (chunk) => {
      lines += chunk
    })
    const ended = Promise.all([once(tail, 'close'), once(readable, 'close')])
    // Both follow from now on, whenever that is; records are sent until each has seen its two.
    await until('both have seen two records', async () => {
      await sendRecords(bootstrap, [record({ title: 'Es\u001b[31mcape', rating: 4.5 })])
      return tail.exitCode !== null && readable.exitCode !== null
    })
    await ended
    const parsed = json
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(parsed.length, 2)
    assert.equal(parsed[0].value.artist, 'Joji')
    assert.equal(typeof parsed[0].offset, 'number')
    assert.match(lines, /Joji .* Osaka \(Japan\)/)
    assert.match(lines, /★4\.5/)
    assert.ok(!lines.includes('\u001b') && !json.includes('\u001b'))
  })

  it('exports stored listens, without cells that a spreadsheet reads as formulas', async () => {
    const { address: bootstrap } = workspace.broker
    await sendRecords(bootstrap, [record({ title: '=HYPERLINK("http://x")', artist: 'Exported, "quoted"' })])
    const playhead = await workspace.start()
    await until('stored', async () => (await playhead.totals('artist=Exported, "quoted"')).listens === 1)
    const filter = ['--filter', 'artist=Exported, "quoted"', '--url', playhead.url]
    const csv = await run(['export', '--format', 'csv', ...filter])
    assert.equal(csv.code, 0, csv.err)
    const [header, line, ...none] = csv.out.trim().split('\n')
    assert.match(header ?? '', /^id,user_id,name,/)
    assert.ok(line?.includes(`"'=HYPERLINK(""http://x"")"`), line)
    assert.ok(line?.includes('"Exported, ""quoted"""'), line)
    assert.deepEqual(none, [])
    const all = await run(['export', '--url', playhead.url])
    assert.equal(all.out.trim().split('\n').length, (await playhead.totals()).listens)
    await playhead.stop()
  })

  it('names the port that is in use and the variable that changes it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, err } = await run(['up'], {
      PORT: String(port),
      PLAYHEAD_DATA: `${workspace.directory}/port-in-use`,
    })
    taken.close()
    assert.equal(code, 1)
    assert.match(err, new RegExp(`PORT_IN_USE: Port ${port} .*PORT=`))
  })
})
