import type { ChildProcess } from 'node:child_process'

/** Process ids of what the benchmark started and has not ended yet. */
const running = new Set<number>()

/** Ends all that the benchmark started: what went on running would measure itself into the next run. */
export function endChildren(): void {
  for (const pid of running)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  running.clear()
}
process.on('exit', endChildren)

/** Notes a process as ours. @returns forgets it; to be called when it has ended, since its number may then be another's */
export function notePid(pid: number): () => void {
  running.add(pid)
  return () => running.delete(pid)
}

/** Notes a child as ours until it ends. */
export function track<Child extends ChildProcess>(child: Child): Child {
  if (child.pid !== undefined) child.once('exit', notePid(child.pid))
  return child
}
