import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type RunningPlayhead, spawnPlayhead, startPlayhead } from '../test/support/playhead.ts'
import { notePid, track } from './children.ts'
import { COMPRESSION, type Topic } from './topic.ts'

/** Runs a Playhead command until it ends. @returns its exit code and all of its output */
export async function runPlayhead(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = track(spawnPlayhead(args, env))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** A Playhead on the benchmark's broker. */
export interface MeasuredPlayhead extends RunningPlayhead {
  /** The value of a metric, summed over its labels; 0 when it is absent. */
  metric(name: string): Promise<number>
  /** Offsets between the end of the topic and the stored offsets. */
  lag(): Promise<number>
  /** Listens stored since it started. */
  stored(): Promise<number>
  /** Peak resident memory so far, in bytes. */
  peakBytes(): Promise<number>
}

/**
 * Starts all of Playhead in a data directory.
 * @param dataDir a new one, or one of an earlier Playhead to continue
 */
export async function measuredPlayhead(
  topic: Pick<Topic, 'broker' | 'name'>,
  dataDir: string,
): Promise<MeasuredPlayhead> {
  const playhead = await startPlayhead({
    PLAYHEAD_DATA: dataDir,
    KAFKA_BROKERS: topic.broker.address,
    KAFKA_TOPIC: topic.name,
    KAFKA_COMPRESSION: COMPRESSION,
  })
  const ended = notePid(playhead.pid)
  const metric = async (name: string) => {
    const text = await (await fetch(`${playhead.url}/metrics`)).text()
    const values = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)$`, 'gm'))
    return [...values].reduce((sum, [, value]) => sum + Number(value), 0)
  }
  return {
    ...playhead,
    metric,
    lag: () => metric('playhead_consumer_lag_offsets'),
    stored: () => metric('playhead_listens_stored_total'),
    async stop() {
      const code = await playhead.stop()
      ended()
      return code
    },
    async peakBytes() {
      const status = await readFile(`/proc/${playhead.pid}/status`, 'utf8').catch(() => '')
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) * 1024
    },
  }
}
