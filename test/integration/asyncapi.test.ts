import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import specs from '@asyncapi/specs'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { ASYNC_API_FILE, asyncApiDocument, asyncApiText } from '../../scripts/asyncapi.ts'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { deadLetterTopic, LARGEST_DEAD_LETTER, PARTITIONS } from '../../src/kafka/topics.ts'
import { reportTopic } from '../../src/outputs/status/report.ts'
import { BAD } from '../support/bad-values.ts'
import { event } from '../support/event.ts'
import { administer, countRecords, readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TOPIC = 'music-streams'
const DLQ = deadLetterTopic(TOPIC)

interface Message {
  headers?: object
  payload?: object
  bindings: { kafka: { key: object } }
}

const document = asyncApiDocument()
const lenient = () =>
  // The specification brings the draft that it is written in.
  new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false })

/** Lists the differences between a record and the document. */
function checker(name: string): (record: FetchedRecord) => void {
  const { components } = document as {
    components: { messages: Record<string, Message>; schemas: Record<string, object> }
  }
  const { messages, schemas } = components
  const message = messages[name]
  assert.ok(message !== undefined)
  const compile = (schema: object) => lenient().compile({ ...schema, components: { schemas } })
  const [headers, key] = [compile(message.headers ?? {}), compile(message.bindings.kafka.key)]
  const payload = message.payload === undefined ? null : compile(message.payload)
  return (record) => {
    assert.ok(headers(headersOf(record)), JSON.stringify(headers.errors))
    if (record.key !== null) assert.ok(key(record.key.toString()), JSON.stringify(key.errors))
    if (payload !== null) assert.ok(payload(JSON.parse(String(record.value))), JSON.stringify(payload.errors))
  }
}

const headersOf = ({ headers }: FetchedRecord) =>
  Object.fromEntries(headers.map(([name, value]) => [String(name), String(value)]))

describe('docs/asyncapi.yaml', () => {
  it('is up to date with the code', async () => {
    // How lines are broken is the formatter's business.
    const [written, made] = [await readFile(ASYNC_API_FILE, 'utf8'), asyncApiText()].map((text) =>
      parse(text),
    )
    assert.deepEqual(written, made, 'it is not up to date: node scripts/asyncapi.ts writes it')
  })

  it('is AsyncAPI 3.0', () => {
    const valid = lenient().compile(specs.schemas['3.0.0'] as object)
    assert.ok(valid(document), JSON.stringify(valid.errors, null, 1))
    // The validator looks into what it is given: a mistake far inside is one.
    const broken = structuredClone(document) as { channels: { listens: { bindings: { kafka: object } } } }
    Object.assign(broken.channels.listens.bindings.kafka, { partitions: 'six' })
    assert.ok(!valid(broken))
  })
})

describe('records on the topics', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start({
      KAFKA_CLOUDEVENTS: 'on',
      SIMULATOR_RATE: '50',
      ARCHIVE: join(workspace.directory, 'archive'),
    })
  })
  after(() => workspace.close())

  const post = (fields: Parameters<typeof event>[0], headers: Record<string, string> = {}) =>
    fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(event(fields)),
    })
  const read = async (topic: string) =>
    await readRecords(workspace.broker.address, topic, await countRecords(workspace.broker.address, topic))
  const titled = (records: readonly FetchedRecord[], title: string) =>
    records.filter(({ value }) => String(value).includes(`"title":"${title}"`))

  it('are listens as the document describes them, and CloudEvents where that is set', async () => {
    const timestamp = Math.floor(Date.now() / 1000) - 90
    const key = { 'idempotency-key': 'once-and-again' }
    assert.equal((await post({ title: 'Sent once', timestamp })).status, 201)
    assert.equal((await post({ title: 'Sent under a key', timestamp }, key)).status, 201)
    await until('the crowd plays', async () => (await playhead.totals()).listens >= 20)
    const records = await read(TOPIC)
    const check = checker('listen')
    for (const record of records) check(record)
    const ids = records.map((record) => headersOf(record)['ce_id'])
    assert.equal(new Set(ids).size, records.length)
    const { ce_id: id, ...once } = headersOf(titled(records, 'Sent once')[0] ?? assert.fail('not sent'))
    assert.match(id ?? '', /^[0-9a-f-]{36}$/)
    assert.deepEqual(once, {
      ce_specversion: '1.0',
      ce_source: '/playhead/api',
      ce_type: 'playhead.listen',
      ce_time: new Date(timestamp * 1000).toISOString(),
      'content-type': 'application/json',
    })
    const [keyed] = titled(records, 'Sent under a key')
    const { ce_id, 'playhead.once': onceKey } = headersOf(keyed ?? assert.fail('not sent'))
    assert.equal(ce_id, onceKey)
    const crowd = records.filter((record) => headersOf(record)['ce_source'] === '/playhead/simulator')
    assert.ok(crowd.length >= 20)
  })

  it('are states of outputs as the document describes them', async () => {
    const topic = reportTopic(TOPIC)
    const [told] = await until('it is told', async () =>
      readRecords(workspace.broker.address, topic, 1).catch(() => null),
    )
    assert.ok(told !== undefined)
    checker('system')(told)
    assert.match(String(told.value), /"name":"archive"/)
  })

  it('may be CloudEvents of other producers in binary mode, which are stored like any record', async () => {
    const headers = new Map(
      Object.entries({
        ce_specversion: '1.0',
        ce_id: 'same-id',
        ce_source: 'urn:others',
        ce_type: 'com.example.played',
        'content-type': 'application/json; charset=utf-8',
      }).map(([name, value]) => [name, Buffer.from(value)]),
    )
    const sent = ['First of theirs', 'Second of theirs'].map((title) => ({
      key: null,
      value: Buffer.from(JSON.stringify(event({ title, user_id: 'theirs' }))),
      headers,
    }))
    await sendRecords(workspace.broker.address, sent)
    const stored = await until('both are stored', async () => {
      const { listens } = await playhead.listens('user=theirs')
      return listens.length === 2 ? listens : null
    })
    // An id of theirs is no once key: two records are two listens.
    assert.deepEqual(stored.map(({ title }) => title).sort(), ['First of theirs', 'Second of theirs'])
  })

  it('are dead letters as the document describes them, for every reason', async () => {
    const bad = Object.values(BAD).map((value) => ({ key: Buffer.from('k'), value }))
    await sendRecords(workspace.broker.address, [...bad, { key: null, value: Buffer.from('{') }])
    await until('all are set aside', async () => {
      return (await countRecords(workspace.broker.address, DLQ)) === bad.length + 1
    })
    const check = checker('deadLetter')
    for (const record of await read(DLQ)) check(record)
  })

  it('have the partitions and limits that the document names', async () => {
    const { channels } = document as { channels: Record<string, { bindings: { kafka: object } }> }
    const partitions = await administer(workspace.broker.address, async (admin) => {
      const { topics } = await admin.metadata({ topics: [TOPIC, DLQ] })
      return [...topics.values()].map(({ partitionsCount }) => partitionsCount)
    })
    assert.deepEqual(partitions, [PARTITIONS, PARTITIONS])
    assert.deepEqual(channels['deadLetters']?.bindings.kafka, {
      partitions: PARTITIONS,
      topicConfiguration: { 'cleanup.policy': ['compact'], 'max.message.bytes': LARGEST_DEAD_LETTER },
      bindingVersion: '0.5.0',
    })
  })

  it('can be validated with the schema that the API serves', async () => {
    const answer = await fetch(`${playhead.url}/api/schema/listen.json`)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/schema\+json/)
    const file = new URL('../../docs/listen.schema.json', import.meta.url)
    assert.deepEqual(await answer.json(), JSON.parse(await readFile(file, 'utf8')))
  })
})
