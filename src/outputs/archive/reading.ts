import { droppedRanges } from '../../store/dropped-listens.ts'
import type { Ask, Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { ALL_TABLE_COLUMNS, AS_IN_TABLE, FILE_STRUCTURE } from './columns.ts'
import { below } from './due.ts'
import { archiveFailure } from './failure.ts'
import { readingOf } from './files.ts'
import { droppedEnds } from './keep.ts'
import { type ArchivedRun, readRuns, runFile } from './manifest.ts'
import { quoted } from './quoted.ts'

/** Reading files takes longer than reading the store. */
const MAX_SECONDS = 120
/** Merged, the engine's filters of both sides lose columns that they need where a question compares a row with a cursor. */
const AS_ONE = 'query_plan_merge_filters = 0'
/** What was dropped is asked for again after this long; between, a question is answered from what was known. */
const FRESH_MS = 10_000

/** What questions have to read besides the store. */
interface Dropped {
  runs: ArchivedRun[]
  database: string
  /** SQL: rows of the table that are dropped, or about to be. */
  rows: string
}

/**
 * The store as it was before anything was dropped: questions about listens read from the archive what is no longer
 * here. A question whose range ends after all that, or begins before it, is answered by the store alone.
 *
 * The same SQL is asked, with another `listens`: a common table expression of that name hides the table.
 */
export function withArchive(store: Store, address: ArchiveAddress): Store {
  let known: { dropped: Promise<Dropped>; at: number } | null = null

  function dropped(): Promise<Dropped> {
    if (known === null || performance.now() - known.at > FRESH_MS) {
      known = { dropped: askDropped(store, address), at: performance.now() }
      known.dropped.catch(() => {
        known = null
      })
    }
    return known.dropped
  }

  return {
    ...store,
    async rows<Row extends readonly unknown[]>(sql: string, ask: Ask = {}): Promise<Row[]> {
      if (!/\bFROM listens\b/.test(sql)) return await store.rows<Row>(sql, ask)
      try {
        const { runs, database, rows } = await dropped()
        const asked = runs.filter((run) => isWithin(run, ask))
        if (asked.length === 0) return await store.rows<Row>(sql, ask)
        return await store.rows<Row>(over(sql, listens(address, asked, database, rows)), {
          ...ask,
          settings: [readingOf(address).settings, AS_ONE].filter((given) => given !== undefined).join(', '),
          maxSeconds: Math.max(MAX_SECONDS, ask.maxSeconds ?? 0),
        })
      } catch (error) {
        throw archiveFailure(error, address)
      }
    },
  }
}

async function askDropped(store: Store, address: ArchiveAddress): Promise<Dropped> {
  const numbers = new Set((await droppedRanges(store)).map(({ run }) => run))
  if (numbers.size === 0) return { runs: [], database: '', rows: '0' }
  const [runs, ends, [[database] = ['']]] = await Promise.all([
    readRuns(store, address),
    droppedEnds(store),
    store.rows<[string]>('SELECT currentDatabase()'),
  ])
  return { runs: runs.filter(({ run }) => numbers.has(run)), database, rows: below(ends) }
}

/** Whether a question, by the range that it binds, may be about listens of a run. */
function isWithin({ contents }: ArchivedRun, { params = {} }: Ask): boolean {
  const { from, to } = params
  return contents.some(
    ({ first_listened_at, last_listened_at }) =>
      (typeof from !== 'number' || last_listened_at >= from) &&
      (typeof to !== 'number' || first_listened_at < to),
  )
}

/** SQL of all listens, in the store and in the files of some runs. */
function listens(
  address: ArchiveAddress,
  runs: readonly ArchivedRun[],
  database: string,
  rows: string,
): string {
  const files = address.files('day=*/*.parquet', 'Parquet', FILE_STRUCTURE)
  // The engine leaves files of other names unread, so what does not count is never opened.
  const names = runs.map(({ run }) => quoted(runFile(run)))
  return `SELECT ${ALL_TABLE_COLUMNS} FROM ${identifier(database)}.listens AS l WHERE NOT ${rows}
    UNION ALL SELECT ${AS_IN_TABLE} FROM ${files} AS f WHERE f._file IN (${names.join(', ')})`
}

function over(sql: string, all: string): string {
  const own = /^\s*WITH\s/i.exec(sql)
  return own === null
    ? `WITH listens AS (${all}) ${sql}`
    : `WITH listens AS (${all}), ${sql.slice(own[0].length)}`
}

const identifier = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
