import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A script of this folder that runs in a separate process. */
export interface RunningScript {
  pid: number
  /** The first line it prints. */
  firstLine: Promise<string>
  /** Kills it without a shutdown. */
  kill(): Promise<void>
}

/**
 * Starts a script of this folder with arguments.
 * @param surroundings the folder that it is in and its environment, where they are not those of this process
 */
export function startScript(
  name: string,
  args: readonly string[],
  surroundings: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): RunningScript {
  const script = fileURLToPath(new URL(name, import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...surroundings,
  })
  return {
    pid: child.pid ?? -1,
    firstLine: firstLineOf(child),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const end = printed.indexOf('\n')
      if (end !== -1) resolve(printed.slice(0, end))
    })
    child.once('exit', (code) => reject(new Error(`the script ended with ${code} before it printed a line`)))
  })
}
