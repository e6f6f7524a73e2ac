import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './case.ts'
import { runScript } from './script.ts'

/** Longest time to build a store, in minutes. */
const LIMIT = 60
const SCHEMA = new URL('../schema/', import.meta.url)
const MAKER = new URL('processes/make-store.ts', import.meta.url)

/** A store with a number of generated listens. */
export interface BigStore {
  path: string
  /** The same listens as Parquet. */
  parquet: string
  listens: number
}

/**
 * Returns a store with this many listens in a realistic distribution: songs by Zipf's law, hours of
 * the day, the last 90 days. An existing store is reused, also from an earlier run with `--data`.
 * It is rebuilt when the schema, the generator or the day changes.
 */
export async function bigStore({ stores, say }: Bench, listens: number): Promise<BigStore> {
  const directory = join(stores, `listens-${listens}`)
  const store = { path: join(directory, 'store'), parquet: join(directory, 'listens.parquet'), listens }
  const note = join(directory, 'made-of.txt')
  const madeOf = await fingerprint()
  if ((await readFile(note, 'utf8').catch(() => '')) === madeOf) return store
  say(`making a store of ${listens.toLocaleString('en')} listens`)
  await rm(directory, { recursive: true, force: true })
  await mkdir(store.path, { recursive: true })
  await runScript('make-store.ts', store, LIMIT)
  await writeFile(note, madeOf)
  return store
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(SCHEMA)).sort()) hash.update(await readFile(new URL(name, SCHEMA)))
  hash.update(await readFile(MAKER))
  // The page asks for the last days.
  return `${hash.digest('hex')} ${new Date().toISOString().slice(0, 10)}\n`
}
