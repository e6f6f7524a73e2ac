import { readFile, rm } from 'node:fs/promises'
import { commandLine, isRunning, waitUntilGone } from '../runtime/running-process.ts'
import type { BrokerFiles } from './broker-settings.ts'

/** How long a broker may take to close its files before it is killed. */
export const STOP_MS = 20_000

/** Where a Java process of ours says which one it is. */
type Marked = Pick<BrokerFiles, 'home' | 'pid'>

/** The argument that marks a broker as the one of a data directory. */
export function brokerMark(files: Marked): string {
  return `-Dplayhead.kafka.home=${files.home}`
}

/** The pid of the broker that runs on this data, be it a live Playhead's or an orphan; null when there is none. */
export async function runningBroker(files: Marked): Promise<number | null> {
  const pid = Number(await readFile(files.pid, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 0 || !(await isRunning(pid))) return null
  // The system may have reused the pid for an unrelated program, which must not be stopped.
  const command = await commandLine(pid)
  return command !== null && ` ${command} `.includes(` ${brokerMark(files)} `) ? pid : null
}

/**
 * Stops the broker that a Playhead left behind when it was killed: it holds the storage and the port. Only the owner of
 * the data directory may call this.
 */
export async function stopOrphan(
  files: Marked,
  log: (line: string) => void,
  what = 'Kafka broker',
): Promise<void> {
  const pid = await runningBroker(files)
  if (pid !== null) {
    log(`Stopping the ${what} that an earlier Playhead left behind (process ${pid})`)
    await stopProcess(pid)
  }
  await rm(files.pid, { force: true })
}

/** Sends SIGTERM to a process, and SIGKILL if it has not ended after {@link STOP_MS}. */
export async function stopProcess(pid: number): Promise<void> {
  send(pid, 'SIGTERM')
  if (await waitUntilGone(pid, STOP_MS)) return
  send(pid, 'SIGKILL')
  await waitUntilGone(pid, STOP_MS)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // The process has already ended.
  }
}
