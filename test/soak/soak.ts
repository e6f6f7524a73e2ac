// `npm run test:soak`: Playhead under steady load with live readers and questions for ten minutes. It must not grow, must
// not keep handles, and must lose and repeat nothing. `SOAK_MINUTES` makes it shorter or longer.
import { join } from 'node:path'
import { openFleet } from '../support/fleet.ts'
import { createOracle } from '../support/oracle.ts'
import { until } from '../support/until.ts'
import { openWorkspace } from '../support/workspace.ts'
import { mean, type Sample, takeSample } from './sample.ts'
import { askQuestions, followAndReconnect } from './visitors.ts'

const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 10)
const RATE = 1_000
const READERS = 20
const SAMPLE_MS = 1_000
const REPORT_MS = 30_000
const MOST_GROWTH = 1.1
/** Connections and parts that are open at the moment come and go; a leak in ten minutes is more than this. */
const MORE_HANDLES = 20

const workspace = await openWorkspace()
let failed = false
try {
  const oracle = await createOracle(workspace.broker.address, 'soak')
  const playhead = await workspace.start({ KAFKA_TOPIC: 'soak' }, 'soak')
  const stopTraffic = oracle.drive({
    rate: RATE,
    users: 2_000,
    spoil: (number) => (number % 200 === 0 ? Buffer.from('{"spoilt":') : undefined),
  })
  const visiting = new AbortController()
  const visitors = [askQuestions(playhead.url, visiting.signal)]
  for (let reader = 0; reader < READERS; reader++)
    visitors.push(followAndReconnect(playhead.url, visiting.signal))

  const visited = Promise.all(visitors)
  const samples: Sample[] = []
  const started = performance.now()
  let reported = started
  while (performance.now() - started < MINUTES * 60_000) {
    // A visitor who is turned away ends the soak.
    await Promise.race([visited, new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))])
    const sample = await takeSample(playhead)
    samples.push(sample)
    if (performance.now() - reported < REPORT_MS) continue
    reported = performance.now()
    const minutes = ((reported - started) / 60_000).toFixed(1)
    console.log(
      `${minutes} of ${MINUTES} min: ${oracle.acknowledged} events, ${megabytes(sample.rss)} MB resident ` +
        `(${megabytes(sample.heap)} MB heap, ${megabytes(sample.external)} MB buffers), ${sample.files} files open, ${sample.handles} handles`,
    )
  }
  visiting.abort()
  await visited
  await stopTraffic()
  await until('everything is stored', async () => (await playhead.totals()).listens >= oracle.acknowledged)
  if ((await playhead.stop()) !== 0) throw new Error(`it did not stop well:\n${playhead.output()}`)

  const third = Math.floor(samples.length / 3)
  const [first, last] = [samples.slice(0, third), samples.slice(-third)]
  const growth = mean(last, 'rss') / mean(first, 'rss')
  const more = {
    files: mean(last, 'files') - mean(first, 'files'),
    handles: mean(last, 'handles') - mean(first, 'handles'),
  }
  const fleet = await openFleet(join(workspace.directory, 'soak'), workspace.broker.address, 'store')
  const { events, missing, twice, outOfOrder } = await oracle.verify(fleet.store).finally(() => fleet.close())
  await oracle.close()
  failed = growth > MOST_GROWTH || more.files > MORE_HANDLES || more.handles > MORE_HANDLES
  console.log(
    `${failed ? 'FAILED' : 'Passed'}: ${events} events in ${MINUTES} min, ${missing} missing, ${twice} twice, ${outOfOrder} out of order; ` +
      `memory's last third ${megabytes(mean(last, 'rss'))} MB, first ${megabytes(mean(first, 'rss'))} MB: ${growth.toFixed(3)} (at most ${MOST_GROWTH}); ` +
      `open files ${more.files.toFixed(1)} and handles ${more.handles.toFixed(1)} more (at most ${MORE_HANDLES})`,
  )
} catch (error) {
  failed = true
  console.log(`FAILED: ${error instanceof Error ? error.stack : String(error)}`)
} finally {
  await workspace.close()
}
process.exit(failed ? 1 : 0)

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0)
}
