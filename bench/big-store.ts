import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './case.ts'
import { runScript } from './script.ts'

/** How long making a store may take, in minutes. */
const LIMIT = 60
const SCHEMA = new URL('../schema/', import.meta.url)
const MAKER = new URL('processes/make-store.ts', import.meta.url)

/** A store of so many made-up listens. */
export interface BigStore {
  path: string
  /** The same listens as Parquet. */
  parquet: string
  listens: number
}

/**
 * A store with so many listens, by a realistic distribution: songs after Zipf, hours of the day, the last 90 days. It is
 * used again where it is there already, from this run or an earlier one with `--data`, and made anew when the schema or
 * what makes it has changed, or the day.
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
  // What the page asks for is of the last days.
  return `${hash.digest('hex')} ${new Date().toISOString().slice(0, 10)}\n`
}
