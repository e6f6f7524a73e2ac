// Fetches Kafka ahead of the tests that need it, so that its progress is seen and no test waits for a download. Runs on
// Node 24, since it shares the code that Playhead itself fetches Kafka with.
import process from 'node:process'
import { Failure } from '../src/failure.ts'
import { ensureJars, installedJars } from '../src/kafka/jars.ts'
import { step } from './progress.mjs'

const SETS = { broker: 'Fetching Kafka', tools: "Fetching Kafka's tools" }

try {
  for (const [set, label] of Object.entries(SETS))
    if ((await installedJars(set)) === null)
      await step(label, (onProgress) => ensureJars(set, { onProgress }))
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
