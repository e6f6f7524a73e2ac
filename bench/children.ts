import type { ChildProcess } from 'node:child_process'

/** Process ids that the benchmark has started and that have not ended. */
const running = new Set<number>()

/** Ends all processes of the benchmark: a leftover process would distort the next run. */
export function endChildren(): void {
  for (const pid of running)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended in between.
    }
  running.clear()
}
process.on('exit', endChildren)

/**
 * Registers a process. @returns unregisters it; call it when the process has ended, because its id
 * may be reused
 */
export function notePid(pid: number): () => void {
  running.add(pid)
  return () => running.delete(pid)
}

/** Registers a child until it ends. */
export function track<Child extends ChildProcess>(child: Child): Child {
  if (child.pid !== undefined) child.once('exit', notePid(child.pid))
  return child
}
