import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OutgoingRecord } from '../kafka/producer.ts'
import { decodeListen } from '../listen/decode.ts'
import type { StoredListen } from '../listen/stored.ts'
import { Failure } from '../runtime/failure.ts'
import { lineages } from '../store/known-lineages.ts'
import type { Store } from '../store/store.ts'
import type { Outcome } from './outcome.ts'
import { createSubmit } from './submit.ts'

const ORIGIN = { name: 'test', source: '/playhead/test' }
const TOPIC = '01234567-89ab-4def-8123-456789abcdef'

const FORM = {
  name: 'Zoë',
  title: 'Levels',
  artist: 'Avicii',
  genre: 'EDM',
  platform: 'Spotify',
  location: { city: 'Osaka', country: 'Japan' },
  mood: 'Happy',
  duration_seconds: 200,
  listen_position: 180,
}

/** The parts of the store that kept answers need. */
function storeInMemory() {
  const answers = new Map<string, [string, string, string]>()
  return {
    async rows(_sql: string, { params }: { params: { keys: string[] } }) {
      return params.keys.flatMap((key) => {
        const row = answers.get(key)
        return row === undefined ? [] : [row]
      })
    },
    async insert(_into: unknown, lines: readonly string[]) {
      for (const line of lines) {
        const row = JSON.parse(line) as [string, string, string]
        answers.set(row[0], row)
      }
    },
  } as unknown as Store
}

function intake({ store = storeInMemory(), stored = new Map<string, StoredListen>() } = {}) {
  const requests: OutgoingRecord[][] = []
  const kafka = { isDown: false }
  let offset = 0
  const submit = createSubmit({
    store,
    lineages: async () => lineages(TOPIC, []),
    storedOnce: async () => stored,
    cloudEvents: false,
    log: { warn() {}, debug() {} },
    producer: {
      async send(records) {
        if (kafka.isDown) throw new Failure('KAFKA_UNAVAILABLE', 'no broker')
        requests.push([...records])
        return records.map(() => ({ partition: 1, offset: offset++ }))
      },
    },
  })
  const send = (...batch: { body: unknown; key?: string }[]) =>
    submit(
      batch.map(({ body, key = null }) => ({
        value: Buffer.isBuffer(body)
          ? body
          : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
        key,
      })),
      ORIGIN,
    )
  return { send, requests, kafka }
}

const told = (outcomes: Outcome[]) =>
  outcomes.map((one) => (one.kind === 'accepted' ? one.id : `${one.kind} ${one.code}`))

describe('submit', () => {
  it('sends the listens of a batch in one request and gives each submission its own outcome', async () => {
    const { send, requests } = intake()
    const outcomes = await send(
      { body: FORM },
      { body: { ...FORM, title: '' } },
      { body: '{' },
      { body: { ...FORM, title: 'Other' }, key: 'a' },
      { body: { ...FORM, title: 'Other' }, key: 'a' },
      { body: { ...FORM, title: 'Changed' }, key: 'a' },
    )
    assert.deepEqual(told(outcomes), [
      '01234567-1-0',
      'refused empty_field',
      'refused not_json',
      '01234567-1-1',
      '01234567-1-1',
      'refused idempotency_key_reused',
    ])
    assert.deepEqual(
      requests.map((records) => records.length),
      [2],
    )
  })

  it('completes ids and time, and sends what it answers', async () => {
    const { send, requests } = intake()
    const [one, two] = await send(
      { body: FORM },
      { body: { ...FORM, user_id: 'u', timestamp: 1_700_000_000.5 } },
    )
    assert.ok(one?.kind === 'accepted' && two?.kind === 'accepted')
    assert.match(one.listen.user_id, /^[0-9a-f-]{36}$/)
    assert.ok(Math.abs(one.listen.timestamp - Date.now() / 1000) < 60)
    assert.deepEqual([two.listen.user_id, two.listen.timestamp], ['u', 1_700_000_000.5])
    for (const [index, { listen }] of [one, two].entries()) {
      const decoded = decodeListen(requests[0]?.[index]?.value ?? null, Date.now())
      assert.deepEqual(decoded, { ok: true, listen })
    }
  })

  it('judges the bytes as the topic does', async () => {
    const whole = { ...FORM, user_id: 'u', track_id: 't', timestamp: 1_700_000_000 }
    const text = JSON.stringify(whole)
    const variants: Buffer[] = [
      Buffer.from(text),
      Buffer.from(text.replace('Zoë', 'Zo\u00e9'), 'latin1'),
      Buffer.from(text.replace(':200', ':1e400')),
      Buffer.from(text.replace(':200', ':-0.0')),
      Buffer.from(text.replace(':180', ':-1e400')),
      Buffer.from(text.replace('{', '{"__proto__":{"name":"x"},')),
      Buffer.from(text.replace('"name":"Zoë"', '"__proto__":{"name":"Zoë"}')),
      Buffer.from(text.replace('{', '{"constructor":{"prototype":{"mood":1}},')),
      Buffer.from(text.replace('{', '{"title":7,')),
      Buffer.from(text.replace('}', ',"title":7}')),
      Buffer.from(text.replace('{', `{"deep":${'['.repeat(20_000)}${']'.repeat(20_000)},`)),
      Buffer.from(text.replace('"Levels"', '"a\\u0000b"')),
      Buffer.from(text.replace('"Levels"', '"\\ud800"')),
      Buffer.from(text.replace('"u"', 'null')),
      Buffer.from(text.replace('1700000000', 'null')),
      Buffer.from(`[${text}]`),
      Buffer.from('null'),
      Buffer.from('"text"'),
      Buffer.from('\ufeff{}'),
      Buffer.alloc(0),
      Buffer.from(text.slice(0, -1)),
      Buffer.from(`${text} ,`),
      Buffer.from(text, 'utf16le'),
    ]
    const { send } = intake()
    const outcomes = await send(...variants.map((body, index) => ({ body, key: `k${index}` })))
    for (const [index, outcome] of outcomes.entries()) {
      const decoded = decodeListen(variants[index] ?? null, Date.now())
      if (decoded.ok) assert.deepEqual(outcome.kind === 'accepted' && outcome.listen, decoded.listen)
      else {
        const { reason: code, field, message } = decoded
        assert.deepEqual(outcome, { kind: 'refused', code, field, message })
      }
    }
    assert.deepEqual(told(outcomes).slice(1, 3), ['refused not_utf8', 'refused not_finite'])
  })

  it('gives a repeat the first outcome, at the same time, later, and in another process', async () => {
    const store = storeInMemory()
    const { send, requests } = intake({ store })
    const both = await Promise.all([send({ body: FORM, key: 'k' }), send({ body: FORM, key: 'k' })])
    assert.deepEqual(both[0], both[1])
    assert.deepEqual(await send({ body: JSON.stringify(FORM, null, 2), key: 'k' }), both[0])
    assert.equal(requests.length, 1)
    const other = intake({ store })
    assert.deepEqual(await other.send({ body: FORM, key: 'k' }, { body: FORM, key: 'new' }), [
      both[0]?.[0],
      { ...both[0]?.[0], id: '01234567-1-0' },
    ])
    assert.deepEqual(told(await other.send({ body: { ...FORM, mood: 'Sad' }, key: 'k' })), [
      'refused idempotency_key_reused',
    ])
    assert.equal(other.requests.flat().length, 1)
  })

  it('answers two batches that wait for each other', async () => {
    const { send, requests } = intake()
    const [a, b] = [
      { body: FORM, key: 'a' },
      { body: FORM, key: 'b' },
    ]
    const [one, two] = await Promise.all([send(a, b), send(b, a)])
    assert.deepEqual(told(one), told(two).reverse())
    assert.equal(requests.flat().length, 2)
  })

  it('finds a listen that is stored under its once key, and does not send it again', async () => {
    const { send, requests } = intake()
    const [first] = await send({ body: FORM, key: 'k' })
    assert.ok(first?.kind === 'accepted')
    assert.equal(requests[0]?.[0]?.headers instanceof Map, true)
    const stored = new Map([['test/k', { ...first.listen, id: 'stored-id' } as StoredListen]])
    const later = intake({ stored })
    const outcomes = await later.send({ body: FORM, key: 'k' }, { body: FORM, key: 'l' })
    assert.deepEqual(told(outcomes), ['stored-id', '01234567-1-0'])
    assert.equal(later.requests.flat().length, 1)
    const changed = await intake({ stored }).send({ body: { ...FORM, genre: 'Pop' }, key: 'k' })
    assert.deepEqual(told(changed), ['refused idempotency_key_reused'])
  })

  it('calls listens unavailable while Kafka is, and accepts them under the same key afterwards', async () => {
    const { send, kafka } = intake()
    kafka.isDown = true
    const batch = [{ body: FORM, key: 'k' }, { body: FORM }, { body: [] }, { body: FORM, key: 'k' }]
    assert.deepEqual(told(await send(...batch)), [
      'unavailable KAFKA_UNAVAILABLE',
      'unavailable KAFKA_UNAVAILABLE',
      'refused not_an_object',
      'unavailable KAFKA_UNAVAILABLE',
    ])
    kafka.isDown = false
    assert.deepEqual(told(await send(...batch)), [
      '01234567-1-0',
      '01234567-1-1',
      'refused not_an_object',
      '01234567-1-0',
    ])
  })
})
