import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { quoted } from './quoted.ts'

const STRUCTURE = 'text String'
/** An hour has one manifest, so a folder of ten years is read in seconds. */
const MAX_SECONDS = 300

/**
 * Reads small files whole.
 * @param path below the archive; as a pattern, because a file that is not there would be an error
 * @returns name and text of each
 */
export function readTexts(store: Store, address: ArchiveAddress, path: string): Promise<[string, string][]> {
  return store.rows<[string, string]>(
    `SELECT _file, text FROM ${address.files(path, 'RawBLOB', STRUCTURE)}`,
    {
      maxSeconds: MAX_SECONDS,
      background: true,
      ...readingOf(address),
    },
  )
}

export function writeText(store: Store, address: ArchiveAddress, path: string, text: string): Promise<void> {
  return write(store, address, path, quoted(text))
}

/** @param bytes some hundred kilobytes at most: they go as a part of the statement */
export function writeBytes(
  store: Store,
  address: ArchiveAddress,
  path: string,
  bytes: Buffer,
): Promise<void> {
  return write(store, address, path, `base64Decode(${quoted(bytes.toString('base64'))})`)
}

/** @returns bytes of each file that a pattern finds, by its path below the archive */
export async function fileSizes(
  store: Store,
  address: ArchiveAddress,
  pattern: string,
): Promise<Map<string, number>> {
  const rows = await store.rows<[string, number]>(
    `SELECT _path, _size FROM ${address.files(pattern, 'One', 'one UInt8')}`,
    { maxSeconds: MAX_SECONDS, background: true, ...readingOf(address) },
  )
  const depth = pattern.split('/').length
  return new Map(rows.map(([path, size]) => [path.split('/').slice(-depth).join('/'), Number(size)]))
}

/** What a question to the store needs besides, to read such files. */
export function readingOf({ reading }: ArchiveAddress): { settings?: string } {
  return reading === undefined ? {} : { settings: reading }
}

async function write(store: Store, address: ArchiveAddress, path: string, value: string): Promise<void> {
  await store.run(
    `INSERT INTO FUNCTION ${address.files(path, 'RawBLOB', STRUCTURE)}
     SETTINGS ${address.settings}, max_execution_time = ${MAX_SECONDS} SELECT ${value}`,
    { background: true },
  )
}
