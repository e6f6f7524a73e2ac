// `npm run test:systems`: tests every output against its real system and prints a table of the
// results. `-- cassandra spark` runs only these, `-- --skip cassandra` all others; `-- --long`
// extends outages to a minute. Plain JavaScript for Node 20.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { ROOT } from './checkout.mjs'
import { endLike, run } from './child.mjs'

const FOLDER = join('test', 'systems')
const SYSTEMS = readdirSync(join(ROOT, FOLDER))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -'.test.ts'.length))
  .sort()

function chosen() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { skip: { type: 'string', multiple: true }, long: { type: 'boolean' } },
  })
  const skipped = (values.skip ?? []).flatMap((names) => names.split(','))
  const unknown = [...skipped, ...positionals].find((name) => !SYSTEMS.includes(name))
  if (unknown !== undefined)
    throw new Error(`There is no system "${unknown}". Systems: ${SYSTEMS.join(', ')}.`)
  const asked = positionals.length === 0 ? SYSTEMS : positionals
  return { names: asked.filter((name) => !skipped.includes(name)), long: values.long === true }
}

function readReport(file) {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  } catch {
    return [] // No case came to its end.
  }
}

let plan
try {
  plan = chosen()
} catch (error) {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'playhead-systems-'))
const report = join(folder, 'report.jsonl')
let end = { code: 0, signal: null }
if (plan.names.length > 0)
  end = await run(
    process.execPath,
    [join('scripts', 'test.mjs'), ...plan.names.map((name) => join(FOLDER, `${name}.test.ts`))],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        PLAYHEAD_SYSTEMS_REPORT: report,
        ...(plan.long ? { PLAYHEAD_SYSTEMS: 'all' } : {}),
      },
    },
  )
const lines = readReport(report)
const verdicts = lines.filter(({ skipped }) => skipped === undefined)
console.table(
  verdicts.map(({ system, case: name, events, missing, twice, perSecond }) => ({
    system,
    case: name,
    events,
    missing,
    twice,
    'listens/s': perSecond === undefined ? '' : Math.round(perSecond),
  })),
)
for (const { system, skipped } of lines)
  if (skipped !== undefined) console.log(`SKIPPED in part, so not all is known of it: ${system} (${skipped})`)
for (const name of SYSTEMS)
  if (!plan.names.includes(name)) console.log(`SKIPPED, so nothing is known of it: ${name}`)
rmSync(folder, { recursive: true, force: true })
endLike(end)
