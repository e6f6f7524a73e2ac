import { Failure } from '../../runtime/failure.ts'
import type { ArchiveAddress } from './address.ts'

const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [
    /SignatureDoesNotMatch|InvalidAccessKeyId|request signature|Access Key Id you provided|InvalidToken|credentials/i,
    'ARCHIVE_AUTH_FAILED',
    'refuses the keys. Check ARCHIVE_ACCESS_KEY and ARCHIVE_SECRET_KEY (or ARCHIVE_SECRET_KEY_FILE)',
  ],
  [
    /NoSuchBucket|bucket does not exist/i,
    'ARCHIVE_NO_BUCKET',
    'has no such bucket. Create it, or set another one in ARCHIVE',
  ],
  [
    /AccessDenied|Access Denied|403|Permission denied|EACCES|EPERM|EROFS|ENOTDIR|ENOENT.* mkdir|Cannot create directory|Read-only file system/i,
    'ARCHIVE_NOT_ALLOWED',
    'denies access. Grant it reading and writing, or set another address in ARCHIVE',
  ],
  [/No space left|ENOSPC|NOT_ENOUGH_SPACE|QuotaExceeded/i, 'ARCHIVE_FULL', 'is full. Make room there'],
  [
    /not allowed|is not inside|user_files/i,
    'ARCHIVE_NOT_ALLOWED',
    'is not a folder that this ClickHouse server can write: a server writes only below its user_files folder. Set a folder below it, or use s3:// or hdfs://',
  ],
  [
    /refused|reset|timed? ?out|unreachable|resolve|not found address|Net Exception|No route|EOF|Connection|safe ?mode|Failed to connect/i,
    'ARCHIVE_UNREACHABLE',
    'does not answer. Make sure that its server runs, and check ARCHIVE and ARCHIVE_S3_ENDPOINT or ARCHIVE_HDFS_HTTP',
  ],
]

/**
 * Explains an error of an archive.
 * @param error of the engine; only its first line is kept, because its text may contain listens
 */
export function archiveFailure(error: unknown, { shown, secret }: ArchiveAddress): Failure {
  if (error instanceof Failure) return error
  const { message = '' } = error as { message?: string }
  const safe = secret === null ? message : message.replaceAll(secret.reveal(), '(secret)')
  const [, code = 'ARCHIVE_FAILED', what = `cannot be used: ${firstLine(safe)}`] =
    KNOWN.find(([pattern]) => pattern.test(safe)) ?? []
  return new Failure(code, `The archive ${shown} ${what}.`, { cause: new Error(firstLine(safe)) })
}

function firstLine(text: string): string {
  return (
    text
      .split('\n', 1)[0]
      ?.slice(0, 300)
      .replace(/\.\s*$/, '') ?? ''
  )
}
