// `npm test`: runs all checks in order and stops at the first failure. `npm test -- unit browser`
// runs some of them, `npm test -- test/integration/broker.test.ts` runs a file. Plain JavaScript
// for Node 20, like playhead.mjs.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import process from 'node:process'
import { NODE_FLAGS, nodeEnvironment, nodeExecutable, ROOT, SetupError } from './checkout.mjs'
import { endLike, run } from './child.mjs'
import { ensurePackages } from './packages.mjs'
import { ensurePage } from './page.mjs'

// Such tests mostly wait, so two files can share a machine; with the complete fault suite, each
// runs alone.
const TWO_AT_ONCE = 2
const ONE_AT_ONCE = 1

// Brokers of tests live for seconds; Java's optimising compiler would take half of the processor
// for that.
const BRIEF_JAVA = { JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1' }

const PARTS = {
  types: async () => {
    await runNode([join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'])
    await runNode([join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'web'])
  },
  lint: async () => {
    await runNode([join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check'])
    await runNode([join('node_modules', 'markdownlint-cli2', 'markdownlint-cli2-bin.mjs')])
  },
  page: ensurePage,
  unit: () => runTests([...testFiles('src'), ...testFiles(join('web', 'src'))], availableParallelism()),
  integration: async () => {
    await ensurePage()
    await runNode([join('scripts', 'jars.mjs')])
    await runTests(testFiles(join('test', 'integration')), TWO_AT_ONCE)
  },
  faults: async () => {
    await runNode([join('scripts', 'jars.mjs')])
    await runTests(
      testFiles(join('test', 'faults')),
      process.env.PLAYHEAD_FAULTS === 'all' ? ONE_AT_ONCE : TWO_AT_ONCE,
    )
  },
  browser: async () => {
    await ensurePage()
    await runNode([join('scripts', 'jars.mjs')])
    await runTests(testFiles(join('test', 'browser')), TWO_AT_ONCE)
  },
}

/** A child that ended in this way ends this run too. */
class Stopped extends Error {
  constructor(end) {
    super('a check failed')
    this.end = end
  }
}

async function runNode(args, env = {}) {
  const end = await run(nodeExecutable(), [...NODE_FLAGS, ...args], {
    cwd: ROOT,
    env: { ...nodeEnvironment(), ...env },
  })
  if (end.code !== 0) throw new Stopped(end)
}

async function runTests(files, atOnce) {
  if (files.length === 0) console.log('No test files here: skipped.')
  else await runNode([join('scripts', 'test-files.mjs'), String(atOnce), ...files], BRIEF_JAVA)
}

/** The largest file first: it usually takes longest and would otherwise run alone at the end. */
function testFiles(folder) {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort((one, other) => sizeOf(other) - sizeOf(one))
}

const sizeOf = (file) => statSync(join(ROOT, file)).size

function readArguments(args) {
  const files = args.filter((arg) => arg.endsWith('.test.ts') && existsSync(arg))
  const parts = args.filter((arg) => !files.includes(arg))
  const unknown = parts.find((part) => !Object.hasOwn(PARTS, part))
  if (unknown !== undefined)
    throw new SetupError(
      `There is no part "${unknown}". Parts: ${Object.keys(PARTS).join(', ')}; or name a test file.`,
    )
  return { files: files.map((file) => relative(ROOT, join(process.cwd(), file))), parts }
}

try {
  const { files, parts } = readArguments(process.argv.slice(2))
  await ensurePackages({ development: true })
  if (files.length > 0) await runTests(files, ONE_AT_ONCE)
  const chosen = files.length + parts.length === 0 ? Object.keys(PARTS) : parts
  for (const part of chosen) {
    console.log(`\n=== ${part} ===`)
    const since = Date.now()
    await PARTS[part]()
    console.log(`${part}: ${Math.round((Date.now() - since) / 1000)} s`)
  }
} catch (error) {
  if (error instanceof Stopped) endLike(error.end)
  else if (error instanceof SetupError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  } else throw error
}
