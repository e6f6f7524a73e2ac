import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Failure } from '../runtime/failure.ts'

/** An output file of a command. */
export interface Out {
  stream: Writable
  /** Renames the complete file to its final name. */
  keep(): Promise<void>
  /** Removes the incomplete file. */
  discard(): Promise<void>
}

/**
 * Opens a temporary file that gets its final name once it is complete. An existing file stays until
 * then. A pipe or device is written directly.
 */
export async function openOutFile(path: string): Promise<Out> {
  const found = await stat(path).catch(() => null)
  if (found !== null && !found.isFile())
    return { stream: createWriteStream(path), keep: async () => {}, discard: async () => {} }
  const target = found === null ? path : await realpath(path)
  const part = `${target}.${process.pid}.part`
  return {
    stream: createWriteStream(part),
    keep: () => rename(part, target),
    discard: () => rm(part, { force: true }),
  }
}

/** A failure that explains a file system error; null for any other error. */
export function writeFailure(path: string, error: unknown): Failure | null {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined || !['open', 'write', 'rename', 'close'].includes(syscall)) return null
  const why: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'permission is denied',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
  }
  return new Failure(
    'FILE_NOT_WRITTEN',
    `${path} was not written: ${why[code ?? ''] ?? code}. Name another file with --out.`,
    { cause: error },
  )
}
