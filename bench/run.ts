// `npm run bench`: Playhead beside the tools that do the same, on this machine and in one run. Prints a table and writes
// the figures as JSON. `--quick` takes a few minutes; a case's name (produce, read, store) runs that one.
import '../test/support/end-on-signal.ts'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Case, Finding, Size } from './case.ts'
import { produceCase } from './cases/produce.ts'
import { readCase } from './cases/read.ts'
import { topicToStoreCase } from './cases/topic-to-store.ts'
import { machine } from './machine.ts'
import { tableOf } from './table.ts'
import { fillTopic } from './topic.ts'

const CASES: readonly Case[] = [produceCase, readCase, topicToStoreCase]
const QUICK: Size = { events: 2_000_000, rounds: 1 }
const FULL: Size = { events: 5_000_000, rounds: 3 }

const { values: flags, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string', default: 'bench-result.json' },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
})
const names = CASES.map(({ name }) => name)
const unknown = positionals.find((name) => !names.includes(name))
if (flags.help || unknown !== undefined) {
  process.stderr.write(
    `${unknown === undefined ? '' : `There is no case "${unknown}".\n`}Usage: npm run bench -- [--quick] [--json file] [${names.join(' ')}]\n`,
  )
  process.exit(unknown === undefined ? 0 : 1)
}

const started = performance.now()
const say = (text: string) => {
  const minutes = (performance.now() - started) / 60_000
  process.stderr.write(`${minutes.toFixed(1).padStart(5)} min  ${text}\n`)
}
const size = flags.quick ? QUICK : FULL
const directory = await mkdtemp(join(tmpdir(), 'playhead-bench-'))
const findings: Finding[] = []
try {
  const topic = await fillTopic(join(directory, 'topic'), size.events, say)
  try {
    for (const { name, run } of CASES.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    )) {
      say(`measuring: ${name}`)
      const folder = join(directory, name)
      await mkdir(folder)
      findings.push(...(await run({ size, directory: folder, topic, say })))
      await rm(folder, { recursive: true, force: true })
    }
  } finally {
    await topic.broker.stop()
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
const result = { at: new Date().toISOString(), machine: machine(), size, findings }
await writeFile(flags.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(`\n${tableOf(findings)}\n\n`)
process.stdout.write(
  `${Object.values(result.machine).join(', ')}; ${size.events.toLocaleString('en')} events, `,
)
process.stdout.write(`median of ${size.rounds}; figures in ${flags.json}\n`)
// The embedded engine and the clients keep threads and sockets of their own.
process.exit(0)
