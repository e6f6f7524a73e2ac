import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { Failure } from '../runtime/failure.ts'

/** Where the output of a command goes. */
export interface Out {
  stream: Writable
  /** Gives the whole file its name. */
  keep(): Promise<void>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

/**
 * Opens a file that has its name only once it is whole, so that half of one is never taken for all of it. What is there
 * stays until then; what is no file, such as a pipe, is written to as it is.
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

/** What a file system refused, in words; null where it was not a file system. */
export function writeFailure(path: string, error: unknown): Failure | null {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined || !['open', 'write', 'rename', 'close'].includes(syscall)) return null
  const why: Record<string, string> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'it may not be written there',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
  }
  return new Failure(
    'FILE_NOT_WRITTEN',
    `${path} was not written: ${why[code ?? ''] ?? code}. Name another file with --out.`,
    { cause: error },
  )
}
