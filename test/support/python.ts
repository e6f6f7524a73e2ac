import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/playhead-python/', import.meta.url))
const INSTALL_MS = 900_000
const SCRIPT_MS = 480_000

/** Output and exit code of a script. */
export interface ScriptEnd {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * A Python with the packages of a requirements file. The first call installs them from PyPI with
 * pip.
 * @param requirements path of the file
 * @param told message to a person who waits for the installation
 * @returns path of its command
 */
export async function pythonWith(requirements: string, told: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
  const folder = join(CACHE, hash.slice(0, 12))
  const python = join(folder, 'bin', 'python')
  // A virtual environment cannot be moved, so a complete one gets a marker file instead of a final
  // name.
  const whole = join(folder, 'whole')
  if (await exists(whole)) return python
  await rm(folder, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  process.stderr.write(`${told}; this is done the first time only\n`)
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

/**
 * Runs a script until it ends.
 * @param env added to the paths of programs and Java; the script gets nothing else of this
 * process's environment
 */
export async function runPython(
  python: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ScriptEnd> {
  const { PATH = '', HOME = '', JAVA_HOME = '' } = process.env
  const child = spawn(python, [script, ...args], {
    env: {
      PATH,
      HOME,
      ...(JAVA_HOME === '' ? {} : { JAVA_HOME }),
      PYTHONDONTWRITEBYTECODE: '1',
      // Optimising compilation does not pay off for such a short job.
      JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: SCRIPT_MS,
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
