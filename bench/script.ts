import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { track } from './children.ts'

/**
 * Runs a script of `processes/` as a process of its own, so that neither side finds the other's memory or warm code.
 * @param argument what the script is told, as JSON
 * @param minutes after which it is ended
 * @returns what it printed, read as JSON
 * @throws Error when it ends with anything but 0
 */
export async function runScript<Result>(name: string, argument: unknown, minutes = 30): Promise<Result> {
  const script = fileURLToPath(new URL(`processes/${name}`, import.meta.url))
  const child = track(
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(argument)], {
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: minutes * 60_000,
      killSignal: 'SIGKILL',
    }),
  )
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${printed}`)
  return JSON.parse(printed) as Result
}

/** What a script of `processes/` was told. */
export function told<Argument>(): Argument {
  return JSON.parse(process.argv[2] ?? '{}') as Argument
}

/** Ends a script with its result. The engine and the clients keep threads that would keep it running. */
export function answer(result: unknown): void {
  process.stdout.write(JSON.stringify(result), () => process.exit(0))
}

/** A script of `processes/` that goes on until it is stopped. */
export interface RunningScript<Result> {
  /** Asks it to end. @returns what it printed, read as JSON */
  stop(): Promise<Result>
}

/** Starts a script of `processes/` that answers when it gets SIGTERM. */
export function startScript<Result>(name: string, argument: unknown): RunningScript<Result> {
  const script = fileURLToPath(new URL(`processes/${name}`, import.meta.url))
  const child = track(
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, JSON.stringify(argument)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  return {
    async stop() {
      child.kill('SIGTERM')
      const [code] = await closed
      if (code !== 0) throw new Error(`${name} ended with ${code}: ${printed}`)
      return JSON.parse(printed) as Result
    },
  }
}
