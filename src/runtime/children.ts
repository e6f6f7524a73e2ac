import type { ChildProcess } from 'node:child_process'

const children = new Set<ChildProcess>()

/** Ends a child process when this process exits, even by an exception that nothing caught. */
export function endWithProcess(child: ChildProcess): void {
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  children.add(child)
  child.once('exit', () => {
    process.off('exit', end)
    children.delete(child)
  })
}

/** Kills all children of {@link endWithProcess} at once, those that no longer react included. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL')
}
