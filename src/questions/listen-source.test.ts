import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import type { Ask, Store } from '../store/store.ts'
import { listensFor } from './listen-source.ts'
import { EVERYONE, type Scope } from './scope.ts'

const SRC = new URL('../', import.meta.url)

/**
 * Code that may name the table `listens` in SQL: the storing of listens, and outputs that copy all of them. None of it
 * answers a person.
 */
const BEYOND_SCOPES = ['store/', 'outputs/archive/', 'commands/archive.ts', 'commands/restore.ts']

/** Questions that read other tables, and the code that puts table and scope together. */
const WITH_STORE = ['questions/throughput.ts', 'questions/listen-source.ts', 'roles/web.ts']

/** SQL that reads the table by its name. */
const NAMES_TABLE = /\b(FROM|JOIN|IN)\s+(\w+\.)?`?listens(_shard)?\b|\beveryCopy(Of)?\(/
/** Statements put to the store itself, and the table without a scope. */
const ASKS_STORE = /\bstore\.(rows|run)\b|\b(listensTable|archivedTable)\(/

/** Lower layers, such as the pipeline, answer no requests. */
const mayAskStore = (name: string) =>
  WITH_STORE.includes(name) || !/^(questions|api|roles|commands)\//.test(name)

function asked(scope: Scope) {
  const statements: [string, Ask | undefined][] = []
  const rows: Store['rows'] = async (sql, ask) => {
    statements.push([sql, ask])
    return []
  }
  return { listens: listensFor({ rows }, scope), statements }
}

describe('the source of listens', () => {
  it('is the table itself for everyone', async () => {
    const { listens, statements } = asked(EVERYONE)
    await listens.rows((from) => `SELECT 1 ${from()} UNION ALL SELECT 2 ${from('a OR b')}`, {
      params: { a: 1 },
    })
    assert.deepEqual(statements, [
      ['SELECT 1 FROM listens UNION ALL SELECT 2 FROM listens WHERE a OR b', { params: { a: 1 } }],
    ])
  })

  it('adds the condition of the scope wherever it is read, whatever else is asked', async () => {
    const { listens, statements } = asked({ kind: 'listeners', userIds: ['u'], personal: true })
    await listens.rows((from) => `SELECT 1 ${from()} UNION ALL SELECT 2 ${from('a OR b')}`, {
      params: { a: 1 },
      maxSeconds: 5,
    })
    const own = 'listener IN (SELECT cityHash64(arrayJoin({scope_listeners:Array(String)})))'
    assert.deepEqual(statements, [
      [
        `SELECT 1 FROM listens WHERE ${own} UNION ALL SELECT 2 FROM listens WHERE (${own}) AND (a OR b)`,
        { params: { a: 1, scope_listeners: ['u'] }, maxSeconds: 5 },
      ],
    ])
  })

  it('reads another table where there is one', async () => {
    const { statements, listens: _ } = asked(EVERYONE)
    const rows: Store['rows'] = async (sql) => {
      statements.push([sql, undefined])
      return []
    }
    const listens = listensFor({ rows }, EVERYONE, { rows: (sql, ask) => rows(sql('(SELECT 1) AS l'), ask) })
    await listens.rows((from) => `SELECT 1 ${from('a')}`)
    assert.deepEqual(statements, [['SELECT 1 FROM (SELECT 1) AS l WHERE a', undefined]])
  })

  it('is the only way from a question or the API to the table', async () => {
    const files = (await readdir(SRC, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    const around: string[] = []
    for (const name of files) {
      if (BEYOND_SCOPES.some((allowed) => name.startsWith(allowed))) continue
      const text = await readFile(new URL(name, SRC), 'utf8')
      for (const line of text.split('\n'))
        if (NAMES_TABLE.test(line) || (!mayAskStore(name) && ASKS_STORE.test(line)))
          around.push(`${name}: ${line.trim()}`)
    }
    assert.deepEqual(around, [], 'read listens through ListenSource, which adds the condition of the scope')
  })

  it('is distinguished from code that bypasses it', () => {
    for (const line of [
      'SELECT count() FROM listens WHERE 1',
      'SELECT 1 FROM songs JOIN listens USING title',
      "store.everyCopy('x')",
      'FROM `listens`',
      'FROM playhead.listens AS l',
    ])
      assert.match(line, NAMES_TABLE)
    for (const line of ['await store.rows<[number]>(', 'store.rows(sql)', 'listensTable(store)'])
      assert.match(line, ASKS_STORE)
    assert.doesNotMatch('SELECT listens FROM listens_per_day', NAMES_TABLE)
  })
})
