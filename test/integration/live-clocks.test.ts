import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createLiveFeed, type LiveFeed } from '../../src/api/live-feed.ts'
import { decodePosition, type LivePosition } from '../../src/api/live-position.ts'
import { zonedHour } from '../../src/calendar/clock.ts'
import { canonicalZone } from '../../src/calendar/zone.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import { listensFor } from '../../src/questions/listen-source.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { event } from '../support/event.ts'
import { storeListens } from '../support/store-listens.ts'
import { until } from '../support/until.ts'

const TOPIC_ID = '0b9f4f1e-3a61-4a6b-8f43-6a2a0f6d1c11'
const MINUTES = 60

describe('the live feed of a store with several writers', () => {
  let folder: string
  let store: Store
  let feed: LiveFeed
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-feed-'))
    store = await openEmbeddedStore(folder)
    await migrate(store)
    feed = createLiveFeed({ listens: listensFor(store, EVERYONE), log: createLogger('silent') })
  })
  after(async () => {
    await feed.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Stores listens of one partition as a process does whose clock is off, or whose INSERT took long to arrive. */
  const storeAs = (titles: readonly string[], place: { partition: number; from: number }, lateBy: number) =>
    storeListens(
      store,
      { topicId: TOPIC_ID, storedAt: Date.now() / 1000 - lateBy },
      titles.map((title) => {
        const decoded = decodeListen(Buffer.from(JSON.stringify(event({ title }))), Date.now())
        assert.ok(decoded.ok)
        return decoded.listen
      }),
      place,
    )

  async function follow(seen: LivePosition | null = null) {
    let text = ''
    const leave = feed.follow({ scope: EVERYONE, filter: {}, write: (part) => (text += part) }, seen)
    await until('the feed greets', () => text.includes('event: hello'))
    return {
      leave,
      titles: () => [...text.matchAll(/"title":"([^"]+)"/g)].map(([, title]) => title),
      lastId: () => decodePosition([...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? ''),
    }
  }

  it('shows each listen once, however late by the clock of the process that stored it', async () => {
    const reader = await follow()
    await storeAs(['first'], { partition: 0, from: 0 }, 0)
    await until('the first', () => reader.titles().includes('first'))
    await storeAs(['ten minutes late'], { partition: 1, from: 0 }, 10 * MINUTES)
    await storeAs(['in time'], { partition: 0, from: 1 }, 0)
    await until('the one in time', () => reader.titles().includes('in time'))
    await storeAs(['a day late', 'a day late too'], { partition: 2, from: 7 }, 24 * 60 * MINUTES)
    await storeAs(['last'], { partition: 0, from: 2 }, 0)
    await until('the last', () => reader.titles().includes('last'))
    assert.deepEqual(
      reader.titles().toSorted(),
      ['a day late', 'a day late too', 'first', 'in time', 'last', 'ten minutes late'].toSorted(),
    )
    reader.leave()
  })

  it('counts by the clock of every zone that a browser or the engine knows, as the calendar does', async () => {
    const known = await store.rows<[string]>('SELECT time_zone FROM system.time_zones')
    assert.ok(known.length > 400)
    const names = [...known.flat(), ...Intl.supportedValuesOf('timeZone')]
    const zones = [...new Set(names.map((name) => canonicalZone(name.toLowerCase()) ?? assert.fail(name)))]
    const moment = Date.parse('2026-07-01T12:00:00Z')
    const columns = zones.map((zone) => `toHour(at, '${zone}')`)
    const [hours] = await store.rows<number[]>(
      `WITH fromUnixTimestamp64Milli({moment:Int64}, 'UTC') AS at SELECT ${columns.join(', ')}`,
      // The engine reads a file for each zone.
      { params: { moment }, maxSeconds: 120 },
    )
    for (const [at, zone] of zones.entries()) assert.equal(hours?.[at], zonedHour(moment, zone).hour, zone)
  })

  it('sends missed listens to a reader that reconnects, however late by the clock', async () => {
    const reader = await follow()
    await storeAs(['mark'], { partition: 0, from: 3 }, 0)
    await until('the mark', () => reader.titles().includes('mark'))
    reader.leave()
    const seen = reader.lastId()
    assert.ok(seen)
    await storeAs(['missed, an hour late'], { partition: 1, from: 1 }, 60 * MINUTES)
    await storeAs(['missed'], { partition: 0, from: 4 }, 0)
    const back = await follow(seen)
    await until('what was missed', () => back.titles().includes('missed'))
    assert.deepEqual(back.titles().toSorted(), ['missed', 'missed, an hour late'])
    back.leave()
  })
})
