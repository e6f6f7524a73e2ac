// `npm run bench`: compares Playhead with other tools on this machine in one run. Prints a table and
// writes the figures as JSON. docs/benchmarks.md explains the cases.
import { writeFile } from 'node:fs/promises'
import type { Case, Finding } from './case.ts'
import { apiUnderLoadCase } from './cases/api-under-load.ts'
import { bareInsertCase } from './cases/bare-insert.ts'
import { catchUpCase } from './cases/catch-up.ts'
import { diskCase } from './cases/disk.ts'
import { filtersCase } from './cases/filters.ts'
import { kafkaEngineCase } from './cases/kafka-engine.ts'
import { latencyCase } from './cases/latency.ts'
import { liveFeedCase } from './cases/live-feed.ts'
import { memoryCase } from './cases/memory.ts'
import { panelsCase } from './cases/panels.ts'
import { produceCase } from './cases/produce.ts'
import { readCase } from './cases/read.ts'
import { tableCase } from './cases/table.ts'
import { endChildren } from './children.ts'
import { drawGrowth } from './growth.ts'
import { machine } from './machine.ts'
import { FLAGS, type Options, readOptions } from './options.ts'
import { tableOf } from './table.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

const CASES: readonly Case[] = [
  produceCase,
  readCase,
  kafkaEngineCase,
  bareInsertCase,
  memoryCase,
  diskCase,
  latencyCase,
  liveFeedCase,
  catchUpCase,
  apiUnderLoadCase,
  panelsCase,
  filtersCase,
  tableCase,
]

const started = performance.now()
let stopped = false
const minutes = () => ((performance.now() - started) / 60_000).toFixed(1)
const say = (text: string) => process.stderr.write(`${minutes().padStart(5)} min  ${text}\n`)

async function main(options: Options, workplace: Workplace): Promise<number> {
  const findings: Finding[] = []
  const failed: string[] = []
  const tookSeconds: Record<string, number> = {}
  for (const { name, run } of CASES.filter((each) => options.only.includes(each.name))) {
    if (stopped) break
    const began = performance.now()
    say(`${name} …`)
    const { bench, close } = await workplace.open(name)
    try {
      findings.push(...(await run(bench)))
    } catch (error) {
      // The other cases took long, and their results stand alone.
      if (!stopped) say(`${name} failed: ${error instanceof Error ? error.message : String(error)}`)
      failed.push(name)
    } finally {
      await close()
    }
    tookSeconds[name] = Math.round((performance.now() - began) / 1000)
  }
  const { size, json } = options
  const result = { at: new Date().toISOString(), machine: machine(), size, tookSeconds, failed, findings }
  await writeFile(json, `${JSON.stringify(result, null, 2)}\n`)
  process.stdout.write(`\n${tableOf(findings)}\n\n${Object.values(result.machine).join(', ')}; `)
  process.stdout.write(`median of ${size.rounds}; ${minutes()} minutes; figures in ${json}\n`)
  return failed.length === 0 ? 0 : 1
}

function help(error: unknown): number {
  if (error !== null) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  const cases = CASES.map(({ name, summary }) => `  ${name.padEnd(17)}${summary}`)
  process.stderr.write(`Usage: npm run bench -- [flags]\n\n${FLAGS}\n\nCases:\n${cases.join('\n')}\n`)
  return error === null ? 0 : 1
}

async function run(): Promise<number> {
  let options: Options
  try {
    options = readOptions(
      process.argv.slice(2),
      CASES.map(({ name }) => name),
    )
  } catch (error) {
    return help(error)
  }
  if (options.help) return help(null)
  const workplace = await openWorkplace(options.size, options.data, say)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      stopped = true
      say('stopped; cleaning up')
      // Processes that write into the folders must end before the folders are removed.
      endChildren()
      workplace.close().finally(() => process.exit(1))
    })
  try {
    return options.growth ? await drawGrowth(options, workplace, say) : await main(options, workplace)
  } finally {
    await workplace.close()
  }
}

// Sockets of the clients would keep the process running.
process.exit(await run())
