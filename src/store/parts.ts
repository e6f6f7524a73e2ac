import type { Store } from './store.ts'

/** A part of a table whose files are not what was written. */
export interface DamagedPart {
  table: string
  part: string
  reason: string
}

/** Tables of which every row has to be there. */
const TABLES = ['listens', 'dead_letters', 'absent_offsets', 'songs']
const REASON_LENGTH = 200
const SECONDS_A_PART = 300

/**
 * Reads every part of the store and compares it with its checksums. The engine itself only looks at what it needs when it
 * starts: it sets aside parts that it cannot open, and a damaged page in another one would fail each question that meets it.
 * A damaged part is set aside as well (folder `detached`), so that its rows count as lost and are read again.
 * @param signal ends it between two parts
 * @returns the parts that were set aside now, and those that the engine had set aside when it started
 */
export async function setDamagedPartsAside(store: Store, signal: AbortSignal): Promise<DamagedPart[]> {
  const found = await partsSetAside(store)
  const parts = await store.rows<[string, string]>(
    `SELECT table, name FROM system.parts
     WHERE database = currentDatabase() AND active AND table IN {tables:Array(String)}
     ORDER BY modification_time DESC`,
    { params: { tables: TABLES } },
  )
  for (const [table, part] of parts) {
    if (signal.aborted) break
    const reason = await damageOf(store, table, part)
    if (reason === null) continue
    await store.run(`ALTER TABLE ${table} DETACH PART '${part}'`)
    found.push({ table, part, reason })
  }
  return found
}

async function partsSetAside(store: Store): Promise<DamagedPart[]> {
  const rows = await store.rows<[string, string, string]>(
    `SELECT table, name, reason FROM system.detached_parts
     WHERE database = currentDatabase() AND startsWith(reason, 'broken')`,
  )
  return rows.map(([table, part, reason]) => ({ table, part, reason }))
}

/** @returns what is wrong with it; null when nothing is, or when it has been merged into another */
async function damageOf(store: Store, table: string, part: string): Promise<string | null> {
  // Names are the engine's own, such as 202511_1_1_0.
  if (!/^\w+$/.test(part)) return null
  try {
    const [row] = await store.rows<[string, number, string]>(`CHECK TABLE ${table} PART '${part}'`, {
      maxSeconds: SECONDS_A_PART,
    })
    return row === undefined || row[1] === 1 ? null : row[2].slice(0, REASON_LENGTH)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/NO_SUCH_DATA_PART|No such data part|No data part/i.test(message)) return null
    throw error
  }
}
