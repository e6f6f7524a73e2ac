import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from './failure.ts'
import { fileAdvice } from './file-failure.ts'
import { makeFolder } from './folder.ts'
import { keepFilesPrivate, makePrivate } from './private-files.ts'
import { isRunning } from './running-process.ts'

const LOCK = 'playhead.lock'
const OWNER = 'playhead.pid'
const SQLITE_BUSY = 5
/** The entries of a data directory; a folder of the user may hold others besides. */
const OURS = /^(kafka|store|logs|connect|playhead\..*)$/
const OTHERS = 0o077
/** The lock file is damaged, or was never one. */
const SQLITE_DAMAGED = [11, 26]

const ELSEWHERE = 'set PLAYHEAD_DATA to another folder'

/** A data directory that belongs to this process until it is released. */
export interface DataDirectory {
  path: string
  release(): Promise<void>
}

/**
 * Claims the data directory for this process: two Playheads on the same data would ruin it.
 *
 * The lock is an open SQLite transaction, which is a lock of the operating system. It ends with the process, however that
 * ends, so a lock is never stale and two processes never race for one.
 * @param path absolute; created if absent
 * @throws Failure DATA_DIRECTORY_UNUSABLE or DATA_DIRECTORY_IN_USE
 */
export async function claimDataDirectory(path: string): Promise<DataDirectory> {
  try {
    await makeFolder(path)
  } catch (error) {
    throw unusable(path, error)
  }
  const lock = await takeLock(path)
  if (lock === null) throw inUse(path, await ownerOf(path))
  keepFilesPrivate()
  await closeToOthers(path)
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
      // Before the lock is released, because the file of the next owner must stay.
      await rm(join(path, OWNER), { force: true })
      lock.close()
    },
  }
}

/** Takes from other users what earlier versions let them read. */
async function closeToOthers(path: string): Promise<void> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => OURS.test(name))
  for (const entry of entries) {
    const inside = join(path, entry.name)
    if (((await stat(inside)).mode & OTHERS) !== 0) await makePrivate(inside, entry.isDirectory())
  }
}

export type DataDirectoryUse =
  | { inUse: false }
  | { inUse: true /** null when not known */; pid: number | null }

/** Whether a running Playhead owns a data directory. Creates nothing. */
export async function dataDirectoryUse(path: string): Promise<DataDirectoryUse> {
  if ((await stat(join(path, LOCK)).catch(() => null)) === null) return { inUse: false }
  const lock = await takeLock(path)
  if (lock === null) return { inUse: true, pid: await ownerOf(path) }
  lock.close()
  return { inUse: false }
}

/** @returns null when another process holds the lock */
async function takeLock(path: string): Promise<DatabaseSync | null> {
  const file = join(path, LOCK)
  try {
    return openLock(file)
  } catch (error) {
    if (isSqliteError(error, [SQLITE_BUSY])) return null
    if (!isSqliteError(error, SQLITE_DAMAGED)) throw unusable(path, error)
  }
  try {
    // Nobody holds a lock on a damaged file. Emptied in place, because with another file two processes could each hold one.
    await truncate(file)
    return openLock(file)
  } catch (error) {
    if (isSqliteError(error, [SQLITE_BUSY])) return null
    throw unusable(path, error)
  }
}

function openLock(file: string): DatabaseSync {
  const lock = new DatabaseSync(file)
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw error
  }
}

function isSqliteError(error: unknown, codes: readonly number[]): boolean {
  return error instanceof Error && 'errcode' in error && codes.includes(Number(error.errcode))
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
  const advice = fileAdvice(error)?.message ?? `${reason}. Make the folder writable, or ${ELSEWHERE}.`
  return new Failure('DATA_DIRECTORY_UNUSABLE', `The data directory ${path} cannot be used. ${advice}`, {
    cause: error,
  })
}
