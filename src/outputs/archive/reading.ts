import { droppedRanges } from '../../store/dropped-listens.ts'
import { type ListensTable, listensTable } from '../../store/listens-table.ts'
import type { Ask, Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { ALL_TABLE_COLUMNS, AS_IN_TABLE, FILE_STRUCTURE } from './columns.ts'
import { below } from './due.ts'
import { archiveFailure } from './failure.ts'
import { readingOf } from './files.ts'
import { droppedEnds } from './keep.ts'
import { type ArchivedRun, readRuns, runFile } from './manifest.ts'
import { quoted } from './quoted.ts'

/** Time limit; reading files is slower than reading the store. */
const MAX_SECONDS = 120
/** Merging filters loses columns that a question with a cursor needs. */
const AS_ONE = 'query_plan_merge_filters = 0'
/** How long the list of dropped runs is cached. */
const FRESH_MS = 10_000

/** Archived rows that questions read in addition to the store. */
interface Dropped {
  runs: ArchivedRun[]
  database: string
  /** SQL condition: rows of the table that are dropped or about to be. */
  rows: string
}

/**
 * The listens of the store before anything was dropped: those in the store, and in the archive those that the store no
 * longer has. A question whose range has no dropped listens reads the store alone.
 */
export function archivedTable(store: Store, address: ArchiveAddress): ListensTable {
  const own = listensTable(store)
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
    async rows<Row extends readonly unknown[]>(sql: (table: string) => string, ask: Ask = {}) {
      try {
        const { runs, database, rows } = await dropped()
        const asked = runs.filter((run) => isWithin(run, ask))
        if (asked.length === 0) return await own.rows<Row>(sql, ask)
        return await store.rows<Row>(sql(both(address, asked, database, rows)), {
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

/** Whether the bound range of a question may contain listens of a run. */
function isWithin({ contents }: ArchivedRun, { params = {} }: Ask): boolean {
  const { from, to } = params
  return contents.some(
    ({ first_listened_at, last_listened_at }) =>
      (typeof from !== 'number' || last_listened_at >= from) &&
      (typeof to !== 'number' || first_listened_at < to),
  )
}

/** All listens, those of the store and those in the files of some runs, as a table of a FROM clause. */
function both(address: ArchiveAddress, runs: readonly ArchivedRun[], database: string, rows: string): string {
  const files = address.files('day=*/*.parquet', 'Parquet', FILE_STRUCTURE)
  // The engine does not open files of other names, so files that do not count are never read.
  const names = runs.map(({ run }) => quoted(runFile(run)))
  return `(SELECT ${ALL_TABLE_COLUMNS} FROM ${identifier(database)}.listens AS l WHERE NOT ${rows}
    UNION ALL SELECT ${AS_IN_TABLE} FROM ${files} AS f WHERE f._file IN (${names.join(', ')})) AS listens`
}

const identifier = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
