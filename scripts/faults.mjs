// `npm run test:faults`: the complete fault suite, and a table of the results. Plain JavaScript for
// Node 20.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { ROOT } from './checkout.mjs'
import { endLike, run } from './child.mjs'

const folder = mkdtempSync(join(tmpdir(), 'playhead-faults-'))
const report = join(folder, 'report.jsonl')

const end = await run(process.execPath, [join('scripts', 'test.mjs'), 'faults'], {
  cwd: ROOT,
  env: { ...process.env, PLAYHEAD_FAULTS: 'all', PLAYHEAD_FAULTS_REPORT: report },
})

let lines = []
try {
  lines = readFileSync(report, 'utf8').trim().split('\n')
} catch {
  // No case has ended.
}
console.table(
  lines
    .map((line) => JSON.parse(line))
    .map(({ name, events, missing, twice, outOfOrder, caughtUpAfter }) => ({
      case: name,
      events,
      missing,
      twice,
      'out of order': outOfOrder,
      'caught up after (s)': Number(caughtUpAfter.toFixed(1)),
    })),
)
rmSync(folder, { recursive: true, force: true })
endLike(end)
