import { createHash } from 'node:crypto'
import type { Store } from '../../../store/store.ts'
import type { ArchiveAddress } from '../address.ts'
import { fileSizes, readTexts, writeBytes, writeText } from '../files.ts'
import { type ArchivedRun, dayFile } from '../manifest.ts'
import {
  filesOf,
  manifestList,
  manifestsOf,
  padded,
  sumOf,
  type TableFile,
  type TableManifest,
} from './manifests.ts'
import {
  LAST_COLUMN_ID,
  NAME_MAPPING,
  PARTITION_FIELD_ID,
  PARTITION_FIELDS,
  SCHEMA_ID,
  SCHEMAS,
} from './schema.ts'

/** Points at which a test may kill the process. */
export type TablePoint = 'table_listed' | 'table_described'

interface Snapshot {
  'snapshot-id': number
  'parent-snapshot-id'?: number
  'sequence-number': number
  'timestamp-ms': number
  'manifest-list': string
  'schema-id': number
  summary: Record<string, string>
}

interface Metadata {
  location: string
  snapshots: Snapshot[]
}

const FOLDER = 'metadata'
const HINT = `${FOLDER}/version-hint.text`
/** Snapshots to keep: four days of hourly runs. */
const SNAPSHOTS = 100

/** Id of a snapshot's run, to recognise snapshots of another archive. */
const RUN_DIGEST = 'playhead.run-sha256'

const metadataPath = (version: number) => `${FOLDER}/v${version}.metadata.json`
const listPath = (snapshot: number) => `${FOLDER}/snap-${padded(snapshot)}.avro`

/**
 * Publishes an archive as an Iceberg table (specification, version 2) at the same address. Data files
 * stay unchanged, and each run becomes the snapshot with its number. Everything is derived from the
 * archive's manifests, so a retry after a crash writes the same files. A reader sees the previous
 * table until the last write, the version hint; a reader that looks for newer versions, such as
 * Iceberg's library, until the write before that.
 * @param runs all runs that count, in order
 */
export async function publishTable(
  store: Store,
  address: ArchiveAddress,
  runs: readonly ArchivedRun[],
  at: (point: TablePoint) => void = () => {},
): Promise<void> {
  const last = runs.findLast(({ contents }) => contents.length > 0)
  if (last === undefined) return
  const found = await currentMetadata(store, address)
  // Iceberg's paths are absolute, so the table of a moved archive is rebuilt.
  const before = found?.location === address.location ? found.snapshots : []
  const stale = before.findIndex((one) => !isOf(one, runs))
  const earlier = stale === -1 ? before : before.slice(0, stale)
  const known = earlier.at(-1)?.['snapshot-id'] ?? 0
  if (known === last.run) return
  // Another archive was here. Readers that look for newer versions would find those of its table.
  for (const { 'snapshot-id': id } of stale === -1 ? [] : before.slice(stale)) await forget(address, id)

  const { location } = address
  const files = filesOf(runs, await unknownSizes(store, address, runs))
  const manifests = await manifestsOf(files, location)
  await address.folders?.make(FOLDER)
  for (const { path, content } of manifests.filter((one) => !isComplete(one, manifests, known)))
    await put(address, path, (place) => writeBytes(store, address, place, content))
  const list = await manifestList(manifests, {
    location,
    snapshot: last.run,
    parent: earlier.at(-1)?.['snapshot-id'] ?? null,
  })
  await put(address, listPath(last.run), (place) => writeBytes(store, address, place, list))
  at('table_listed')

  const snapshot = snapshotOf(last, files, earlier.at(-1), location)
  const kept = [...earlier, snapshot].slice(-SNAPSHOTS)
  const metadata = JSON.stringify(metadataOf(runs, kept, location))
  await put(address, metadataPath(last.run), (place) => writeText(store, address, place, metadata))
  at('table_described')
  await put(address, HINT, (place) => writeText(store, address, place, String(last.run)))
  for (const gone of earlier.slice(0, -SNAPSHOTS + 1)) await forget(address, gone['snapshot-id'])
}

async function currentMetadata(store: Store, address: ArchiveAddress): Promise<Metadata | null> {
  // Patterns, because an absent file would be an error.
  const [[, hint] = ['', '']] = await readTexts(store, address, `${HINT.slice(0, -1)}*`)
  if (!/^\d+$/.test(hint.trim())) return null
  const [[, text] = ['', '']] = await readTexts(store, address, `${metadataPath(Number(hint)).slice(0, -1)}*`)
  try {
    return JSON.parse(text) as Metadata
  } catch {
    return null
  }
}

/** Whether a snapshot belongs to the run with its number. */
function isOf({ 'snapshot-id': id, summary }: Snapshot, runs: readonly ArchivedRun[]): boolean {
  const run = runs[id - 1]
  return run !== undefined && summary[RUN_DIGEST] === digestOf(run).toString('hex')
}

/** Whether a complete manifest was already written by an earlier snapshot. */
function isComplete(manifest: TableManifest, manifests: readonly TableManifest[], known: number): boolean {
  return manifest !== manifests.at(-1) && (manifest.files.at(-1)?.run ?? Infinity) <= known
}

/** Sizes of files that their runs did not record. */
async function unknownSizes(
  store: Store,
  address: ArchiveAddress,
  runs: readonly ArchivedRun[],
): Promise<(run: number, day: string) => number> {
  if (runs.every(({ bytes }) => bytes !== undefined)) return () => 0
  const sizes = await fileSizes(store, address, 'day=*/*.parquet')
  return (run, day) => {
    const size = sizes.get(dayFile(run, day))
    if (size === undefined) throw new Error(`the file ${dayFile(run, day)} of the archive is missing`)
    return size
  }
}

/** With folders, a file is renamed when it is complete. */
async function put(
  { folders }: ArchiveAddress,
  path: string,
  write: (place: string) => Promise<void>,
): Promise<void> {
  if (folders === null) return await write(path)
  const incoming = `_incoming/${path.slice(FOLDER.length + 1)}`
  await folders.make('_incoming')
  await write(incoming)
  await folders.move(incoming, path)
}

/** Removes metadata of expired snapshots. On S3 the engine cannot remove files. */
async function forget({ folders }: ArchiveAddress, snapshot: number): Promise<void> {
  for (const path of [metadataPath(snapshot), listPath(snapshot)]) await folders?.remove(path)
}

function snapshotOf(
  archived: ArchivedRun,
  files: readonly TableFile[],
  parent: Snapshot | undefined,
  location: string,
): Snapshot {
  const { run, written_at } = archived
  const added = files.filter((file) => file.run > (parent?.['snapshot-id'] ?? 0))
  return {
    'snapshot-id': run,
    ...(parent === undefined ? {} : { 'parent-snapshot-id': parent['snapshot-id'] }),
    'sequence-number': run,
    // Time travel needs increasing timestamps, even if the clock is set back.
    'timestamp-ms': Math.max(Date.parse(written_at), (parent?.['timestamp-ms'] ?? 0) + 1),
    'manifest-list': `${location}/${listPath(run)}`,
    'schema-id': SCHEMA_ID,
    summary: {
      operation: 'append',
      'added-data-files': String(added.length),
      'added-records': String(sumOf(added)),
      'total-data-files': String(files.length),
      'total-records': String(sumOf(files)),
      'total-delete-files': '0',
      [RUN_DIGEST]: digestOf(archived).toString('hex'),
    },
  }
}

function metadataOf(runs: readonly ArchivedRun[], snapshots: readonly Snapshot[], location: string): object {
  const current = snapshots.at(-1)
  return {
    'format-version': 2,
    'table-uuid': uuidOf(runs),
    location,
    'last-sequence-number': current?.['sequence-number'],
    'last-updated-ms': current?.['timestamp-ms'],
    'last-column-id': LAST_COLUMN_ID,
    'current-schema-id': SCHEMA_ID,
    schemas: SCHEMAS,
    'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: PARTITION_FIELDS }],
    'last-partition-id': PARTITION_FIELD_ID,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: {
      'schema.name-mapping.default': JSON.stringify(NAME_MAPPING),
      // Spark's vectorized reader fails on older files, which have times in milliseconds.
      ...(runs.every(({ bytes }) => bytes !== undefined)
        ? {}
        : { 'read.parquet.vectorization.enabled': 'false' }),
    },
    'current-snapshot-id': current?.['snapshot-id'],
    refs: { main: { 'snapshot-id': current?.['snapshot-id'], type: 'branch' } },
    snapshots,
    'snapshot-log': snapshots.map((one) => ({
      'snapshot-id': one['snapshot-id'],
      'timestamp-ms': one['timestamp-ms'],
    })),
    'metadata-log': [],
  }
}

/** Id of the table, derived from the archive's first run. */
function uuidOf([first]: readonly ArchivedRun[]): string {
  if (first === undefined) throw new Error('an archive without runs has no table')
  const hash = digestOf(first)
  // UUID version 8: custom content (RFC 9562).
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function digestOf(run: ArchivedRun): Buffer {
  return createHash('sha256').update(JSON.stringify(run)).digest()
}
