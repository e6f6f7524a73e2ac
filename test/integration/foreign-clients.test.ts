import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { ensureJars } from '../../src/kafka/jars.ts'
import type { ListenEvent } from '../../src/listen/listen.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event } from '../support/event.ts'
import { followLive } from '../support/live.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

/** The event as existing producers write it: every field, random ids, whole seconds, no key, nothing of ours. */
function foreignEvent(title: string): ListenEvent {
  return event({ user_id: crypto.randomUUID(), track_id: crypto.randomUUID(), title })
}

/** Waits for a child and returns what it printed. */
async function output(child: ChildProcess): Promise<string> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  assert.equal(code, 0, err)
  return out
}

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0
const withPython = hasPip ? {} : { skip: 'python3 with pip is not on this machine' }

const PRODUCE_PY = `
import json, sys
from kafka import KafkaProducer
producer = KafkaProducer(bootstrap_servers=[sys.argv[1]], value_serializer=lambda v: json.dumps(v).encode("utf-8"))
producer.send("music-streams", value=json.loads(sys.argv[2])).get(timeout=30)
producer.close()
`

const CONSUME_PY = `
import json, sys
from kafka import KafkaConsumer
consumer = KafkaConsumer("music-streams", bootstrap_servers=[sys.argv[1]], auto_offset_reset="earliest",
                         value_deserializer=lambda v: json.loads(v.decode("utf-8")))
for message in consumer:
    if message.value["title"] == sys.argv[2]:
        print(json.dumps(message.value))
        break
`

describe('clients that are not ours', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let classPath: string
  let browser: Browser
  before(async () => {
    classPath = await ensureJars('tools')
    workspace = await openWorkspace()
    playhead = await workspace.start()
    browser = await launchBrowser()
    if (hasPip) {
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--target',
        workspace.directory,
      ]
      await output(spawn('python3', [...pip, 'kafka-python==3.0.12'], { stdio: ['ignore', 'pipe', 'pipe'] }))
    }
  })
  after(async () => {
    await browser?.close()
    await workspace.close()
  })

  function tool(name: string, args: readonly string[]): ChildProcess {
    const to = ['--bootstrap-server', workspace.broker.address, '--topic', 'music-streams']
    return spawn('java', ['-cp', classPath, `org.apache.kafka.tools.${name}`, ...to, ...args])
  }

  function python(script: string, ...args: string[]): ChildProcess {
    return spawn('python3', ['-c', script, workspace.broker.address, ...args], {
      env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: workspace.directory },
    })
  }

  /** The listen as page, live feed and API show it; the last two must have every field as it was sent, and know nothing of others. */
  async function arrives(sent: ListenEvent, send: () => Promise<unknown>): Promise<void> {
    const reader = await followLive(playhead.url)
    const { page } = await openPage(browser)
    await page.goto(playhead.url)
    await page.getByText('Live', { exact: true }).waitFor()
    await send()
    // Nobody reloads the page.
    await page.locator('[data-row-id]', { hasText: sent.title }).waitFor()
    await page.context().close()
    const live = await until('it is live', () => reader.listens().find(({ title }) => title === sent.title))
    reader.close()
    const [listed] = (await playhead.listens(`user=${sent.user_id}`)).listens
    const { id: _, percent_listened, stored_at: _at, partition: _p, offset: _o, ...fields } = live
    assert.deepEqual(fields, { ...sent, album: '', device: '' })
    assert.equal(percent_listened, 86.3)
    assert.deepEqual(listed, live)
  }

  it("Kafka's console producer: its event, without a key, is stored and shown as it was sent", async () => {
    const sent = foreignEvent('Sent by the console')
    await arrives(sent, async () => {
      const producer = tool('ConsoleProducer', [])
      producer.stdin?.end(`${JSON.stringify(sent)}\n`)
      await output(producer)
    })
  })

  it('kafka-python: its event, without a key, is stored and shown as it was sent', withPython, async () => {
    const sent = foreignEvent('Sent by Python 日本 🎵')
    await arrives(sent, () => output(python(PRODUCE_PY, JSON.stringify(sent))))
  })

  /** Adds a listen through the API, as the form does. */
  async function addListen(title: string): Promise<void> {
    const { user_id: _, track_id: _track, ...form } = event({ title, rating: 4.5 })
    const response = await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form),
    })
    assert.equal(response.status, 201)
  }

  function assertReadable(read: Record<string, unknown>, title: string): void {
    // Everything that a reader of the existing shape looks for, of the type that it expects.
    const expected = event({ title, rating: 4.5 })
    assert.deepEqual(Object.keys(read).sort(), Object.keys(expected).sort())
    for (const [name, value] of Object.entries(expected))
      assert.equal(typeof read[name], typeof value, `type of ${name}`)
    assert.equal(read['title'], title)
    assert.equal(read['rating'], 4.5)
    assert.deepEqual(read['location'], { city: 'Osaka', country: 'Japan' })
  }

  it("Kafka's console consumer reads our events", async () => {
    await addListen('Read by the console')
    const text = await output(tool('consumer.ConsoleConsumer', ['--from-beginning', '--timeout-ms', '5000']))
    const events = text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    assertReadable(events.find(({ title }) => title === 'Read by the console') ?? {}, 'Read by the console')
  })

  it('kafka-python reads our events', withPython, async () => {
    await addListen('Read by Python')
    assertReadable(JSON.parse(await output(python(CONSUME_PY, 'Read by Python'))), 'Read by Python')
  })
})
