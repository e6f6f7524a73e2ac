import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { answersOf, answersOfRows, fillListens, makeSchema, schemaNumbers } from '../support/old-store.ts'
import { until } from '../support/until.ts'

const DYING = fileURLToPath(new URL('../support/dying-migration.ts', import.meta.url))
/** The last schema without dictionaries, from which most rows are rewritten. */
const BEFORE_DICTIONARIES = 13
const NUMBERS = await schemaNumbers()

describe('a store of an earlier version', () => {
  let folder: string
  let store: Store

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-schema-change-'))
    store = await openEmbeddedStore(join(folder, 'store'))
  })

  beforeEach(async () => {
    const tables = await store.rows<[string]>(
      'SELECT name FROM system.tables WHERE database = currentDatabase()',
    )
    for (const [table] of tables) await store.run(`DROP TABLE ${table} SYNC`)
  })

  after(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  const rewritten = () =>
    until('all parts are rewritten', async () => {
      const [row] = await store.rows<[number]>(
        'SELECT count() FROM system.mutations WHERE database = currentDatabase() AND NOT is_done',
      )
      return row?.[0] === 0
    })

  for (const number of NUMBERS)
    it(`migrates from schema ${number} and answers the same`, async () => {
      await makeSchema(store, number)
      await fillListens(store, 2_000)
      const expected = await answersOfRows(store)
      const newer = NUMBERS.filter((other) => other > number)
      assert.deepEqual(await migrate(store), newer)
      assert.deepEqual(await answersOf(store), expected)
      await rewritten()
      assert.deepEqual(await answersOf(store), expected)
      assert.deepEqual(await migrate(store), [])
    })

  it('gives the same answers during the rewrite and after it, then from rollups', async () => {
    await makeSchema(store, BEFORE_DICTIONARIES)
    await fillListens(store, 50_000)
    await store.run('OPTIMIZE TABLE listens FINAL')
    const expected = await answersOfRows(store)
    await migrate(store)
    assert.deepEqual(await answersOf(store), expected)
    await rewritten()
    assert.deepEqual(await answersOf(store), expected)
    const plan = await store.rows(
      `EXPLAIN SELECT artist, title, count() FROM listens WHERE toStartOfDay(listened_at) >= '2026-01-01' GROUP BY artist, title`,
    )
    assert.match(JSON.stringify(plan), /songs_by_day/)
  })

  describe('whose rewrites have not begun, as on a very large store', () => {
    let expected: Awaited<ReturnType<typeof answersOfRows>>
    /** On a separate connection, because the first one is in use by a statement that waits. */
    const begin = () => store.run('SYSTEM START MERGES listens', { background: true })

    beforeEach(async () => {
      await makeSchema(store, BEFORE_DICTIONARIES)
      await fillListens(store, 2_000)
      expected = await answersOfRows(store)
      await store.run('SYSTEM STOP MERGES listens')
    })

    it('waits for rewrites that a statement depends on, and shows the remaining ones', async () => {
      const told: string[] = []
      await migrate(store, {
        onProgress(doing) {
          told.push(doing)
          void begin()
        },
      })
      assert.match(told[0] ?? '', /^Rewriting listens for this version of Playhead: \d+ parts left$/)
      assert.deepEqual(await answersOf(store), expected)
    })

    it('can be stopped, and migrates at the next start', async () => {
      const stopping = new AbortController()
      const { signal } = stopping
      const stopped = migrate(store, { signal, onProgress: () => stopping.abort() })
      await assert.rejects(stopped, { name: 'AbortError' })
      assert.deepEqual(await answersOfRows(store), expected)
      await begin()
      await migrate(store)
      assert.deepEqual(await answersOf(store), expected)
    })
  })

  it('survives kill -9 at any statement of its migration', async () => {
    await makeSchema(store, BEFORE_DICTIONARIES)
    await fillListens(store, 20_000)
    const expected = await answersOfRows(store)
    await store.close()
    const copy = join(folder, 'killed')
    await cp(join(folder, 'store'), copy, { recursive: true })
    let kills = 0
    for (let statements = 2; ; statements += 4) {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', DYING, copy, String(statements)],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )
      const [code, signal] = await once(child, 'exit')
      if (code === 0) break
      assert.equal(signal, 'SIGKILL')
      kills += 1
    }
    assert.ok(kills > 3, `${kills} kills`)
    store = await openEmbeddedStore(copy)
    assert.deepEqual(await migrate(store), [])
    assert.deepEqual(await answersOf(store), expected)
    await rewritten()
    assert.deepEqual(await answersOf(store), expected)
  })
})
