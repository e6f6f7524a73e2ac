import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { track } from './children.ts'

/**
 * Runs a script of `processes/` in a separate process, so that neither side shares the other's
 * memory or warm code.
 * @param argument passed to the script as JSON
 * @param minutes time limit
 * @returns its output, parsed as JSON
 * @throws Error when its exit code is not 0
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

/** The argument of a script of `processes/`. */
export function told<Argument>(): Argument {
  return JSON.parse(process.argv[2] ?? '{}') as Argument
}

/** Ends a script with its result. Threads of the engine and the clients would keep it running. */
export function answer(result: unknown): void {
  process.stdout.write(JSON.stringify(result), () => process.exit(0))
}

/** A script of `processes/` that runs until it is stopped. */
export interface RunningScript<Result> {
  /** Asks it to end. @returns its output, parsed as JSON */
  stop(): Promise<Result>
}

/** Starts a script of `processes/` that prints its result on SIGTERM. */
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
