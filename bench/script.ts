import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Runs a script of `processes/` as a process of its own, so that neither side finds the other's memory or warm code.
 * @param argument what the script is told, as JSON
 * @returns what it printed, read as JSON
 * @throws Error when it ends with anything but 0
 */
export async function runScript<Result>(name: string, argument: unknown): Promise<Result> {
  const script = fileURLToPath(new URL(`processes/${name}`, import.meta.url))
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, JSON.stringify(argument)],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '16' }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${printed}`)
  return JSON.parse(printed) as Result
}
