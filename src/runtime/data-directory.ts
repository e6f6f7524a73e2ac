import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from './failure.ts'
import { isRunning } from './running-process.ts'

const LOCK = 'playhead.lock'
const OWNER = 'playhead.pid'
const SQLITE_BUSY = 5

const ELSEWHERE = 'set PLAYHEAD_DATA to another folder'

/** A data directory that belongs to this process until it is released. */
export interface DataDirectory {
  path: string
  release(): Promise<void>
}

/**
 * Makes the data directory this process's own: two Playheads on the same data would ruin it.
 *
 * The lock is an SQLite transaction that stays open, which is to say a lock of the operating system: it ends with the
 * process however that ends, so there is no stale lock to tell from a held one, and no race between two that try.
 * @param path absolute
 * @throws Failure DATA_DIRECTORY_UNUSABLE or DATA_DIRECTORY_IN_USE
 */
export async function claimDataDirectory(path: string): Promise<DataDirectory> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw unusable(path, error)
  }
  const lock = takeLock(path)
  if (lock === null) throw inUse(path, await ownerOf(path))
  try {
    await writeFile(join(path, OWNER), `${process.pid}\n`)
  } catch (error) {
    lock.close()
    throw unusable(path, error)
  }
  return {
    path,
    async release() {
      if (!lock.isOpen) return
      // While the lock is still held, so that it is not the next owner's that goes.
      await rm(join(path, OWNER), { force: true })
      lock.close()
    },
  }
}

export type DataDirectoryUse =
  | { inUse: false }
  | { inUse: true /** null when not known */; pid: number | null }

/** Whether a running Playhead owns a data directory. Changes nothing, not even when the directory does not exist. */
export async function dataDirectoryUse(path: string): Promise<DataDirectoryUse> {
  if ((await stat(join(path, LOCK)).catch(() => null)) === null) return { inUse: false }
  const lock = takeLock(path)
  if (lock === null) return { inUse: true, pid: await ownerOf(path) }
  lock.close()
  return { inUse: false }
}

/** @returns null when another process holds the lock */
function takeLock(path: string): DatabaseSync | null {
  let lock: DatabaseSync | null = null
  try {
    lock = new DatabaseSync(join(path, LOCK))
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null
    throw unusable(path, error)
  }
}

async function ownerOf(path: string): Promise<number | null> {
  const pid = Number(await readFile(join(path, OWNER), 'utf8').catch(() => ''))
  return pid > 0 && (await isRunning(pid)) ? pid : null
}

function inUse(path: string, pid: number | null): Failure {
  const owner = pid === null ? '' : ` (process ${pid})`
  return new Failure(
    'DATA_DIRECTORY_IN_USE',
    `Another Playhead${owner} is using ${path}. Stop it first, or ${ELSEWHERE}.`,
  )
}

function unusable(path: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error)
  return new Failure(
    'DATA_DIRECTORY_UNUSABLE',
    `The data directory ${path} cannot be used: ${reason}. Make it writable, or ${ELSEWHERE}.`,
    { cause: error },
  )
}
