// Downloads Kafka before the tests that need it, so that progress is visible and no test waits.
// Arguments name other sets of jars (`node scripts/jars.mjs tools connect-postgres`), for the
// image. Runs on Node 24, because it uses Playhead's own download code.
import process from 'node:process'
import { ensureJars, installedJars } from '../src/kafka/jars.ts'
import { Failure } from '../src/runtime/failure.ts'
import { step } from './progress.mjs'

const LABELS = { broker: 'Fetching Kafka', tools: "Fetching Kafka's tools" }
const named = process.argv.slice(2)

try {
  for (const set of named.length > 0 ? named : Object.keys(LABELS))
    if ((await installedJars(set)) === null)
      await step(LABELS[set] ?? `Fetching ${set}`, (onProgress) => ensureJars(set, { onProgress }))
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
