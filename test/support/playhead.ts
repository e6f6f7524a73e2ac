import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Readiness } from '../../src/api/readiness.ts'
import type { ListensAnswer } from '../../src/questions/listens.ts'
import type { Totals } from '../../src/questions/totals.ts'
import { freePort } from '../../src/runtime/port.ts'
import { until } from './until.ts'

/** As `scripts/checkout.mjs` has them, which is plain JavaScript without types. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8']
const NODE_ENVIRONMENT = {
  UV_THREADPOOL_SIZE: '16',
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)),
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** A Playhead that runs in a separate process, as for its users. */
export interface RunningPlayhead {
  url: string
  pid: number
  /** Output so far. */
  output(): string
  listens(query?: string): Promise<ListensAnswer>
  totals(query?: string): Promise<Totals>
  /** Answer of `/readyz`, ready or not. */
  readiness(): Promise<Readiness>
  /** Stops it like Ctrl-C and service managers. @returns its exit code */
  stop(): Promise<number | null>
  /** Kills it without a shutdown. */
  kill(): Promise<void>
}

/**
 * Starts a command of Playhead with only the given environment, not the one of this process.
 * @param under prefix of the command line, to run it in a separate environment
 */
export function spawnPlayhead(
  args: readonly string[],
  env: Record<string, string>,
  under: readonly string[] = [],
): ChildProcess {
  const kept = ['PATH', 'HOME', 'JAVA_HOME', 'JAVA_TOOL_OPTIONS'].filter(
    (name) => process.env[name] !== undefined,
  )
  const [program = '', ...rest] = [...under, process.execPath, ...NODE_FLAGS, MAIN]
  return spawn(program, [...rest, ...args], {
    env: {
      ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
      ...NODE_ENVIRONMENT,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/**
 * Starts everything and waits until it is ready and has its partitions. The simulator is off unless
 * `env` enables it.
 * @throws Error with the output of the process if it ends before it is ready
 */
export async function startPlayhead(
  env: Record<string, string>,
  under: readonly string[] = [],
): Promise<RunningPlayhead> {
  const port = env['PORT'] ?? String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const child = spawnPlayhead(['up'], { PORT: port, SIMULATOR_INTERVAL: '0', ...env }, under)
  const exited = once(child, 'exit') as Promise<[number | null]>
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const ask = async <Answer>(path: string): Promise<Answer> => {
    const response = await fetch(url + path)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  try {
    await until('Playhead is ready', async () => {
      if (child.exitCode !== null) throw new Error(`Playhead ended with ${child.exitCode}:\n${output}`)
      if (!output.includes('Playhead is ready at')) return false
      return (await fetch(`${url}/readyz`)).ok
    })
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${output}`)
  }
  return {
    url,
    pid: child.pid ?? -1,
    output: () => output,
    listens: (query = '') => ask(`/api/listens?${query}`),
    readiness: async () => (await fetch(`${url}/readyz`)).json() as Promise<Readiness>,
    totals: (query = '') => ask(`/api/stats/totals?${query}`),
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
