import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { wait } from './wait.ts'

const POLL_MS = 50

/** Whether a process of this id exists. A process that ended but was not yet waited for counts as gone. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name before the state may itself hold brackets and spaces, so the state is what follows the last bracket.
  return status.slice(status.lastIndexOf(')') + 2)[0] !== 'Z'
}

/**
 * The arguments a process was started with, to tell whether a pid that was written down is still the same program.
 * @returns the command line with a space between arguments; null when there is no such process
 */
export async function commandLine(pid: number): Promise<string | null> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim()
  } catch {
    // No /proc on macOS.
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)])
    return stdout.trim()
  } catch {
    return null
  }
}

/** Waits until a process is gone. @returns false when it is still there after the time given */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (await isRunning(pid)) {
    if (Date.now() > deadline) return false
    await wait(POLL_MS)
  }
  return true
}
