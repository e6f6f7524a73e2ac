import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import process from 'node:process'
import { NODE_FLAGS, nodeEnvironment, nodeExecutable, ROOT, SetupError } from './checkout.mjs'
import { run } from './child.mjs'
import { step } from './progress.mjs'
import { takeTurn } from './turn.mjs'

const WEB = join(ROOT, 'web')
const PAGE = join(ROOT, 'dist', 'web')
const STAMP = join(PAGE, '.built-from')

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path)
    return entry.isFile() ? [path] : []
  })
}

/** Files of this checkout that a source file imports by relative path. */
function importsOf(path) {
  if (!/\.(ts|tsx|mts|js|mjs)$/.test(path)) return []
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"?]+)/g)]
    .map((match) => join(dirname(path), match[1]))
    .filter((target) => existsSync(target))
}

/**
 * A hash of all inputs of the page: web/, its imports from elsewhere in the checkout, and the
 * packages.
 */
function pageInputs() {
  const seen = new Set([...filesUnder(WEB), join(ROOT, 'package-lock.json')])
  // Iterating over a Set includes values that are added during the iteration.
  for (const path of seen) for (const target of importsOf(path)) seen.add(target)
  const hash = createHash('sha256')
  for (const path of [...seen].sort()) {
    hash.update(`${relative(ROOT, path).split(sep).join('/')}\0`)
    hash.update(readFileSync(path))
    hash.update('\0')
  }
  return hash.digest('hex')
}

function builtFrom() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : null
}

/** Builds the web page into dist/web unless it is up to date. The packages must be installed. */
export async function ensurePage() {
  const inputs = pageInputs()
  if (builtFrom() === inputs) return
  await takeTurn('building', async () => {
    if (builtFrom() === inputs) return
    await step('Building the page', () => build(inputs))
  })
}

async function build(inputs) {
  // Built in a separate folder and then moved, so that a failed or interrupted build keeps the old
  // page.
  const fresh = join(ROOT, 'dist', `.web-${process.pid}`)
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
  const options = [
    '--config',
    join(WEB, 'vite.config.ts'),
    '--outDir',
    fresh,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]
  try {
    const result = await run(nodeExecutable(), [...NODE_FLAGS, vite, 'build', ...options], {
      cwd: WEB,
      env: nodeEnvironment(),
      capture: true,
    })
    if (result.stopped) throw new SetupError('Building the page was interrupted. Start again to go on.')
    if (result.code !== 0) throw new SetupError(`The page could not be built:\n\n${result.output.trim()}`)
    writeFileSync(join(fresh, '.built-from'), inputs)
    rmSync(PAGE, { recursive: true, force: true })
    renameSync(fresh, PAGE)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}
