import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../runtime/failure.ts'
import type { ArchiveAccess } from '../../settings/credentials.ts'
import type { Secret } from '../../settings/secret.ts'
import { type ArchiveFolders, localFolders, webHdfsFolders } from './folders.ts'
import { quoted } from './quoted.ts'

/** The address of an archive, in the engine's terms. */
export interface ArchiveAddress {
  kind: 'folder' | 's3' | 'hdfs'
  /** For messages; contains no secret. */
  shown: string
  /** URI without a user, for other readers: the location of the Iceberg table. */
  location: string
  /** Null if there are no folders (S3), or if only the ClickHouse server can reach them. */
  folders: ArchiveFolders | null
  /** The engine's table function over some files. The SQL may contain a secret; never show it. */
  files(path: string, format: 'Parquet' | 'RawBLOB' | 'One', structure: string): string
  /** Settings for a statement that reads these files; undefined for none. */
  reading: string | undefined
  /** Settings for a statement that writes these files. */
  settings: string
  /** The secret that no message may contain. */
  secret: Secret | null
}

/** Default port of a NameNode. */
const WEB_HDFS_PORT = 9870

const WRITE_SETTINGS = {
  folder: 'engine_file_truncate_on_insert = 1',
  s3: 's3_truncate_on_insert = 1',
  hdfs: 'hdfs_truncate_on_insert = 1',
} as const

/**
 * Parses the address of an archive: a folder (a path or `file:///…`), `s3://bucket/prefix` or
 * `hdfs://[user@]host:port/path`.
 * @param name the setting or flag, for messages
 * @param embedded whether the embedded engine writes the files
 * @throws Failure BAD_SETTING
 */
export function archiveAddress(
  text: string,
  name: string,
  { access, embedded }: { access: ArchiveAccess; embedded: boolean },
): ArchiveAddress {
  const bad = (expected: string) =>
    new Failure('BAD_SETTING', `${name} is ${JSON.stringify(text)}, but it must be ${expected}.`)
  // The engine would read them as patterns, or as a file inside an archive file.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they have no business in an address
  if (/[*?{}\x00-\x1f]|::/.test(text)) throw bad('an address without *, ?, {, } and ::')
  const scheme = /^([a-z0-9]+):\/\//.exec(text)?.[1]
  if (scheme === undefined || scheme === 'file') {
    const folder = resolve(scheme === undefined ? text : pathOf(text, bad))
    return {
      kind: 'folder',
      shown: folder,
      location: `file://${folder}`,
      folders: embedded ? localFolders(folder) : null,
      files: (path, format, structure) => call('file', `${folder}/${path}`, format, structure),
      reading: undefined,
      settings: WRITE_SETTINGS.folder,
      secret: null,
    }
  }
  const root = text.replace(/\/+$/, '')
  if (scheme === 'hdfs') {
    const parts = /^hdfs:\/\/(?:([\w.-]+)@)?(\[[0-9a-f:]+\]|[\w.-]+):\d+(\/[^\s]+)$/.exec(root)
    if (parts === null) throw bad('hdfs://host:port/path or hdfs://user@host:port/path')
    const [, user = userInfo().username, host, path = ''] = parts
    return {
      kind: 'hdfs',
      shown: root,
      location: root.replace(`//${parts[1]}@`, '//'),
      folders: webHdfsFolders(access.webHdfs ?? `http://${host}:${WEB_HDFS_PORT}`, user, path),
      files: (file, format, structure) => call('hdfs', `${root}/${file}`, format, structure),
      reading: undefined,
      settings: WRITE_SETTINGS.hdfs,
      secret: null,
    }
  }
  const bucket = /^s3:\/\/([a-z0-9][a-z0-9.-]{2,62})(\/[^\s]*)?$/.exec(root)
  if (bucket === null) throw bad('a folder, s3://bucket/prefix or hdfs://host:port/path')
  return s3Address(root, bucket[1] ?? '', bucket[2] ?? '', access.s3)
}

function s3Address(
  shown: string,
  bucket: string,
  prefix: string,
  { endpoint, region, login }: ArchiveAccess['s3'],
): ArchiveAddress {
  const base =
    endpoint === null
      ? `https://${bucket}.s3.${region}.amazonaws.com${prefix}`
      : `${endpoint.replace(/\/+$/, '')}/${bucket}${prefix}`
  return {
    kind: 's3',
    shown,
    location: shown,
    folders: null,
    // The engine masks the keys of this function wherever it shows or logs a statement.
    files: (path, format, structure) => {
      const keys = login === null ? ['NOSIGN'] : [quoted(login.accessKey), quoted(login.secretKey.reveal())]
      return `s3(${[quoted(`${base}/${path}`), ...keys, quoted(format), quoted(structure)].join(', ')})`
    },
    // Fail early if a server is unavailable; callers retry.
    reading: S3_SETTINGS,
    settings: `${WRITE_SETTINGS.s3}, ${S3_SETTINGS}`,
    secret: login?.secretKey ?? null,
  }
}

const S3_SETTINGS = 's3_retry_attempts = 3, s3_connect_timeout_ms = 5000, s3_request_timeout_ms = 20000'

function call(name: 'file' | 'hdfs', path: string, format: string, structure: string): string {
  return `${name}(${[path, format, structure].map(quoted).join(', ')})`
}

function pathOf(text: string, bad: (expected: string) => Failure): string {
  try {
    return fileURLToPath(text)
  } catch {
    throw bad('file:///path, with three slashes')
  }
}
