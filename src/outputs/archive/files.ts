import type { Store } from '../../store/store.ts'
import type { ArchiveAddress } from './address.ts'
import { quoted } from './quoted.ts'

const STRUCTURE = 'text String'
/** With one manifest per hour, a folder of ten years is read in seconds. */
const MAX_SECONDS = 300

/**
 * Reads small files completely.
 * @param path below the archive; a pattern, because an absent file would be an error
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

/** @param bytes at most some hundred kilobytes: they are part of the statement */
export function writeBytes(
  store: Store,
  address: ArchiveAddress,
  path: string,
  bytes: Buffer,
): Promise<void> {
  return write(store, address, path, `base64Decode(${quoted(bytes.toString('base64'))})`)
}

/** @returns sizes in bytes of the files that match a pattern, by path below the archive */
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

/** Settings of a question that also reads these files. */
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
