import { Failure } from './failure.ts'

const ELSEWHERE = 'set PLAYHEAD_DATA to another folder'

/** What happened and what to do, by the code of a file system error. */
const KNOWN: Readonly<Record<string, readonly [code: string, what: string, advice: string]>> = {
  ENOSPC: ['DISK_FULL', 'the disk is full', 'Free some space and start again'],
  EDQUOT: ['DISK_FULL', 'the disk quota is used up', 'Free some space and start again'],
  EACCES: ['NOT_PERMITTED', 'this user may not use it', `Change its owner or permissions, or ${ELSEWHERE}`],
  EPERM: ['NOT_PERMITTED', 'this user may not use it', `Change its owner or permissions, or ${ELSEWHERE}`],
  EROFS: ['READ_ONLY', 'the file system is read-only', `Make it writable, or ${ELSEWHERE}`],
  ENOENT: ['NO_SUCH_FOLDER', 'it cannot be created', `Check its parent folders, or ${ELSEWHERE}`],
  ENOTDIR: ['NOT_A_FOLDER', 'a file is where a folder should be', `Move the file, or ${ELSEWHERE}`],
  EEXIST: ['NOT_A_FOLDER', 'a file is where a folder should be', `Move the file, or ${ELSEWHERE}`],
  EISDIR: ['NOT_A_FILE', 'a folder is where a file should be', `Move the folder, or ${ELSEWHERE}`],
  EMFILE: ['TOO_MANY_FILES', 'this process has too many open files', 'Raise the limit with `ulimit -n`'],
}

/** What is wrong with a file or folder and what to do; null for an error of another kind. */
export function fileAdvice(error: unknown): { code: string; message: string } | null {
  const { code = '', path } = error as NodeJS.ErrnoException
  const known = Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined
  if (known === undefined || !(error instanceof Error)) return null
  const [stable, what, advice] = known
  return { code: stable, message: `${path ?? 'A file'}: ${what}. ${advice}.` }
}

/** A failure for an error of the file system; null for an error of another kind. */
export function fileFailure(error: unknown): Failure | null {
  const advice = fileAdvice(error)
  return advice === null ? null : new Failure(advice.code, advice.message, { cause: error })
}
