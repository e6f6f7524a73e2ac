import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { decodeListen } from '../../src/listen/decode.ts'
import {
  EXTRA_FIELDS,
  type Field,
  nameOf,
  readerOf,
  SORT_FIELDS,
  VALUES_FIELDS,
} from '../../src/listen/fields.ts'
import type { Listen } from '../../src/listen/listen.ts'
import { matchOf } from '../../src/listen/match.ts'
import { type ListenSource, listensFor } from '../../src/questions/listen-source.ts'
import { askListens } from '../../src/questions/listens.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { event } from '../support/event.ts'
import { storeListens } from '../support/store-listens.ts'

/** One with all extra fields, and one with none. */
const LISTENS = [true, false].map((known): Listen => {
  const extras = (EXTRA_FIELDS as readonly Field[]).map(({ path }) => [path, `Some ${path}`])
  const fields = known
    ? { ...Object.fromEntries(extras), title: 'known', rating: null }
    : { title: 'unknown' }
  const decoded = decodeListen(Buffer.from(JSON.stringify(event(fields))), Date.now())
  assert.ok(decoded.ok)
  return decoded.listen
})

describe('every field of a listen', () => {
  let directory: string
  let store: Store
  let source: ListenSource
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-fields-'))
    store = await openEmbeddedStore(join(directory, 'store'))
    await migrate(store)
    const mark = { topicId: '00000000-0000-4000-8000-00000000000a', storedAt: Date.now() / 1000 }
    await storeListens(store, mark, LISTENS)
    source = listensFor(store, EVERYONE)
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('is stored and returned', async () => {
    const { listens } = await askListens(source, { sort: 'title', order: 'asc' })
    for (const [at, { id, partition, offset, stored_at, percent_listened, ...fields }] of listens.entries())
      assert.deepEqual(fields, LISTENS[at])
  })

  it('can be filtered as the table says, in the store and among live rows alike', async () => {
    const all = (await askListens(source, {})).listens
    for (const field of VALUES_FIELDS)
      for (const listen of all) {
        const value = String(readerOf(field)(listen))
        // What is unknown is no value to filter by.
        if (value === '') continue
        const filter = { [field.filter.name]: [value] }
        const { listens } = await askListens(source, filter)
        assert.deepEqual(listens, all.filter(matchOf(filter)), field.path)
        assert.ok(listens.some(({ id }) => id === listen.id))
      }
  })

  it('can be sorted as the table says', async () => {
    for (const field of SORT_FIELDS)
      for (const order of ['asc', 'desc'] as const)
        assert.equal((await askListens(source, { sort: nameOf(field), order })).listens.length, 2, field.path)
  })
})
