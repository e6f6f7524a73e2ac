import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Ended } from './archive.ts'

const BATCH = fileURLToPath(new URL('../../batch/', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/playhead-python/', import.meta.url))
const INSTALL_MS = 900_000
const JOB_MS = 240_000

/**
 * A Python that has what the batch job needs, made the first time, by pip from PyPI. That takes some minutes, and is told.
 * @returns the command of it
 */
export async function pythonWithSpark(): Promise<string> {
  const requirements = join(BATCH, 'requirements.txt')
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
  const folder = join(CACHE, hash.slice(0, 12))
  const python = join(folder, 'bin', 'python')
  // A virtual environment cannot be moved, so what is whole is marked instead of named.
  const whole = join(folder, 'whole')
  if (await exists(whole)) return python
  await rm(folder, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  process.stderr.write('Spark comes from PyPI, some 450 MB; this takes minutes, the first time only\n')
  await promisify(execFile)('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS })
  const pip = spawn(
    python,
    ['-m', 'pip', 'install', '--no-input', '--progress-bar', 'off', '-r', requirements],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_MS,
    },
  )
  const ended = once(pip, 'close')
  let said = ''
  for (const stream of [pip.stdout, pip.stderr])
    createInterface(stream).on('line', (line) => {
      said += `${line}\n`
      if (/^(Collecting|Downloading|Building|Installing|Successfully)/.test(line.trim()))
        process.stderr.write(`pip: ${line.trim()}\n`)
    })
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`pip ended with ${code}:\n${said}`)
  await writeFile(whole, '')
  return python
}

/** Runs the batch job to its end; what it prints, and what it and Spark say, is its output. */
export async function runListening(
  python: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { PATH = '', HOME = '', JAVA_HOME = '' } = process.env
  const child = spawn(python, [join(BATCH, 'listening.py'), ...args], {
    env: {
      PATH,
      HOME,
      ...(JAVA_HOME === '' ? {} : { JAVA_HOME }),
      PYTHONDONTWRITEBYTECODE: '1',
      // For a job so short it is not worth compiling well.
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: JOB_MS,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
