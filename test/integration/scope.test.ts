import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Registry } from 'prom-client'
import { createApp } from '../../src/api/app.ts'
import { createLiveFeed, type LiveFeed } from '../../src/api/live-feed.ts'
import type { App } from '../../src/api/typed-app.ts'
import { openCatalogue } from '../../src/catalogue/catalogue.ts'
import { initialCatalogue } from '../../src/catalogue/initial.ts'
import { FORMAT_NAMES } from '../../src/export/format.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import type { ListenEvent } from '../../src/listen/listen.ts'
import { listensFor } from '../../src/questions/listen-source.ts'
import { askByOnceKeys } from '../../src/questions/once.ts'
import { EVERYONE, type Scope } from '../../src/questions/scope.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { insertDeadLetterActions, insertDeadLetters } from '../../src/store/dead-letters.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { event } from '../support/event.ts'
import { storeListens } from '../support/store-listens.ts'
import { until } from '../support/until.ts'

const TOPIC_ID = '0b9f4f1e-3a61-4a6b-8f43-6a2a0f6d1c11'
const LISTENERS = 6
const LISTENS = 300
const log = createLogger('silent')

const userId = (n: number) => `user-${n % LISTENERS}`
/** Nobody's id is part of another listener's name, so that the filter `user` finds one of them alone. */
const personalOf = (n: number) => ({
  user_id: userId(n),
  name: `Listener ${n % LISTENERS}`,
  email: `box${n % LISTENERS}@secret.example`,
})
const NOT_PERSONAL: Scope = { kind: 'everyone', personal: false }
const HOUSEHOLD: Scope = { kind: 'listeners', userIds: [userId(1), userId(4)], personal: true }
const ASK_HOUSEHOLD = `user=${userId(1)}&user=${userId(4)}`
/** The part of the OpenAPI document that this test reads. */
interface Operation {
  parameters: { name: string; schema: { enum: string[] } }[]
}

/** Fields that identify a person. */
const PERSONAL = /user-\d|Listener \d|secret\.example/

describe('the scope of a request', () => {
  let folder: string
  let store: Store
  let feed: LiveFeed
  let app: App
  let base: string
  let scope: Scope = EVERYONE
  let stored = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-scope-'))
    store = await openEmbeddedStore(folder)
    await migrate(store)
    feed = createLiveFeed({ listens: listensFor(store, EVERYONE), log })
    app = await openApp()
    base = await app.listen({ host: '127.0.0.1', port: 0 })
    await storeEvents(
      Array.from({ length: LISTENS }, (_, n) => ({
        ...personalOf(n),
        ...{ title: `Song ${n % 17}`, artist: `Artist ${n % 5}`, listen_position: n % 212 },
        ...{
          genre: ['Rock', 'Pop', 'Jazz'][n % 3] ?? '',
          timestamp: Math.floor(Date.now() / 1000) - n * 900,
        },
      })),
    )
    const place = { topicId: TOPIC_ID, partition: 3, offset: 7 }
    const failed = {
      failedAt: Date.now() / 1000,
      reason: 'not_json',
      field: '',
      message: 'No',
      valueBytes: 9,
    }
    await insertDeadLetters(store, [{ ...place, ...failed }])
    const fix = JSON.stringify({ mood: 'Happy', ...personalOf(0) })
    await insertDeadLetterActions(store, [
      { ...place, ...{ actedAt: Date.now(), action: 'redriven', fix, onceKey: 'k', sent: null } },
    ])
  })
  after(async () => {
    await app.close()
    await feed.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** The app on a real store; of Kafka it needs a record to show. */
  async function openApp(): Promise<App> {
    const unused = () => assert.fail('not asked here')
    return await createApp({
      reach: { host: '127.0.0.1', openToNetwork: false, publicUrl: null },
      scopeOf: () => scope,
      store,
      stored: (of) => listensFor(store, of),
      history: (of) => listensFor(store, of),
      catalogue: await openCatalogue(store, await initialCatalogue()),
      producer: { send: unused, close: async () => {} },
      submit: unused,
      readRecords: async () => [
        {
          partition: 3,
          offset: 7,
          key: null,
          value: Buffer.from(`{"email": "${personalOf(0).email}"`),
          headers: [],
          timestamp: 0,
        },
      ],
      feed,
      watch: { state: () => Promise.reject(new Error('no Kafka here')), close: async () => {} },
      readiness: unused,
      simulator: null,
      systems: () => [],
      registry: new Registry(),
      log,
    })
  }

  async function storeEvents(events: readonly Partial<ListenEvent>[]): Promise<void> {
    const listens = events.map((fields) => {
      const decoded = decodeListen(Buffer.from(JSON.stringify(event(fields))), Date.now())
      assert.ok(decoded.ok)
      return decoded.listen
    })
    await storeListens(store, { topicId: TOPIC_ID, storedAt: Date.now() / 1000 }, listens, {
      partition: 0,
      from: stored,
    })
    stored += events.length
  }

  async function get(as: Scope, url: string): Promise<{ status: number; body: string }> {
    scope = as
    try {
      const answer = await fetch(base + url)
      return { status: answer.status, body: await answer.text() }
    } finally {
      scope = EVERYONE
    }
  }

  /** Addresses of everything that answers about listens: each question, with each of its choices. */
  async function questions(): Promise<string[]> {
    const { paths } = JSON.parse((await get(EVERYONE, '/api/openapi.json')).body)
    const found: string[] = []
    for (const [path, { get: operation }] of Object.entries<{ get?: Operation }>(paths)) {
      if (!/^\/api\/(stats\/|listens|export)/.test(path) || operation === undefined) continue
      const choices = operation.parameters.filter(({ name }) => /^(by|sort|format)$/.test(name))
      const [choice] = choices
      if (choice === undefined) found.push(`${path}?`)
      else for (const value of choice.schema.enum) found.push(`${path}?${choice.name}=${value}&`)
    }
    return found
  }

  it('of some listeners restricts every answer to their listens', async () => {
    const asked = await questions()
    assert.ok(asked.length > 30, asked.join('\n'))
    for (const url of asked) {
      if (url.includes('/throughput')) continue
      // Again where time has passed between the two, which answers about this moment show.
      await until(`the same answer of ${url}`, async () => {
        const own = await get(HOUSEHOLD, url)
        const filtered = await get(EVERYONE, `${url}${ASK_HOUSEHOLD}`)
        return own.status === 200 && own.body === filtered.body
      })
    }
    const { listens } = JSON.parse((await get(HOUSEHOLD, '/api/stats/totals')).body)
    assert.equal(listens, (LISTENS * 2) / LISTENERS)
  })

  it('of some listeners cannot be widened by a filter or a cursor', async () => {
    const other = await get(HOUSEHOLD, `/api/listens?user=${userId(2)}`)
    assert.deepEqual(JSON.parse(other.body).listens, [])
    const all = JSON.parse((await get(EVERYONE, '/api/listens?limit=5&sort=name&order=asc')).body)
    const next = JSON.parse(
      (await get(HOUSEHOLD, `/api/listens?sort=name&order=asc&cursor=${encodeURIComponent(all.next)}`)).body,
    )
    assert.ok(next.listens.length > 0)
    for (const { user_id } of next.listens) assert.ok([userId(1), userId(4)].includes(user_id))
  })

  it('of nobody finds nothing', async () => {
    const nobody: Scope = { kind: 'listeners', userIds: [], personal: true }
    assert.equal(JSON.parse((await get(nobody, '/api/stats/totals')).body).listens, 0)
    assert.deepEqual(JSON.parse((await get(nobody, '/api/listens')).body).listens, [])
  })

  it('without the right to personal data never identifies listeners', async () => {
    let refused = 0
    for (const url of await questions()) {
      const { status, body } = await get(NOT_PERSONAL, url)
      assert.doesNotMatch(body, PERSONAL, url)
      if (status === 403) refused += 1
      else assert.equal(status, 200, url)
    }
    assert.equal(refused, 2, 'the most active listeners, and the order of their names')
    assert.equal((await get(NOT_PERSONAL, `/api/listens?user=${userId(1)}`)).status, 403)
    assert.match((await get(EVERYONE, '/api/listens')).body, PERSONAL)
    for (const format of FORMAT_NAMES.filter((name) => name !== 'parquet'))
      assert.match((await get(EVERYONE, `/api/export?format=${format}`)).body, PERSONAL, format)
  })

  it('without the right to personal data shows the other fields', async () => {
    const [shown] = JSON.parse((await get(NOT_PERSONAL, '/api/listens?limit=1')).body).listens
    const [whole] = JSON.parse((await get(EVERYONE, '/api/listens?limit=1')).body).listens
    assert.deepEqual(shown, { ...whole, user_id: '', name: '', email: '' })
  })

  it('without the right to personal data sees dead letters without their records', async () => {
    const id = `${TOPIC_ID}.3.7`
    for (const url of ['/api/dead-letters', `/api/dead-letters/${id}`]) {
      assert.match((await get(EVERYONE, url)).body, PERSONAL)
      const { status, body } = await get(NOT_PERSONAL, url)
      assert.equal(status, 200)
      assert.doesNotMatch(body, PERSONAL, url)
      assert.match(body, /Happy/)
    }
    const shown = JSON.parse((await get(NOT_PERSONAL, `/api/dead-letters/${id}`)).body)
    assert.deepEqual([shown.record, shown.withheld], [null, true])
  })

  it('of some listeners has no dead letters, which are nobody’s', async () => {
    assert.deepEqual(JSON.parse((await get(HOUSEHOLD, '/api/dead-letters')).body).dead_letters, [])
    assert.equal((await get(HOUSEHOLD, `/api/dead-letters/${TOPIC_ID}.3.7`)).status, 404)
  })

  it('holds for the look-up by once key', async () => {
    await store.run(
      `INSERT INTO listens (topic_id, kafka_partition, kafka_offset, stored_at, listened_at, user_id, name, email, once_key)
       VALUES ('${TOPIC_ID}', 1, 0, now(), now(), '${userId(2)}', 'N', 'e', 'post/once')`,
    )
    const find = (as: Scope) => askByOnceKeys(listensFor(store, as), ['post/once'])
    assert.equal((await find(EVERYONE)).get('post/once')?.email, 'e')
    assert.equal((await find(NOT_PERSONAL)).get('post/once')?.email, '')
    assert.equal((await find(HOUSEHOLD)).size, 0)
  })

  it('limits the live feed of each reader, although all have the same filter', async () => {
    const follow = async (as: Scope) => {
      let text = ''
      const leave = feed.follow({ scope: as, filter: {}, write: (part) => (text += part) }, null)
      await until('the feed greets', () => text.includes('event: hello'))
      return { leave, text: () => text }
    }
    const [everyone, blind, household] = [
      await follow(EVERYONE),
      await follow(NOT_PERSONAL),
      await follow(HOUSEHOLD),
    ]
    await storeEvents([
      { ...personalOf(2), title: 'Stranger' },
      { ...personalOf(1), title: 'Own' },
    ])
    for (const reader of [everyone, blind, household])
      await until('the frame', () => reader.text().includes('"title":"Own"'))
    assert.match(everyone.text(), /"title":"Stranger"/)
    assert.match(everyone.text(), PERSONAL)
    assert.match(blind.text(), /"title":"Stranger"/)
    assert.doesNotMatch(blind.text(), PERSONAL)
    assert.doesNotMatch(household.text(), /Stranger/)
    assert.match(household.text(), PERSONAL)
    for (const { leave } of [everyone, blind, household]) leave()
  })
})
