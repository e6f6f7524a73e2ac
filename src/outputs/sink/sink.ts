import type { Logger } from 'pino'
import { type KafkaConnection, kafkaReason } from '../../kafka/client.ts'
import { wait } from '../../runtime/wait.ts'
import type { System, SystemState } from '../status/system.ts'
import { type Group, openGroup } from './group.ts'
import type { SinkMetrics } from './metrics.ts'
import { contentsOf } from './read.ts'
import type { SinkTarget, Trouble } from './target.ts'

export interface SinkOptions {
  target: SinkTarget
  connection: KafkaConnection
  topic: string
  /** Whether only this process can fill the target. */
  alone: boolean
  metrics: SinkMetrics
  log: Logger
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000
/** Rejected records that are logged individually, per read. */
const LOGGED = 5

/**
 * Fills an output from its own consumer group until it is stopped. The group is named after the
 * identity of the target, so that a second keyspace gets every listen too, and an emptied one is
 * filled again from the beginning of the topic. Offsets are committed after the output has
 * acknowledged the listens. After a failure, it reopens the target and restarts at those offsets.
 */
export function startSink({ target, connection, topic, alone, metrics, log }: SinkOptions): System {
  const stopping = new AbortController()
  const { signal } = stopping
  const { name } = target
  let trouble: Trouble | null = null
  let started = false
  let handed = 0
  let group: Group | null = null

  function joined(identity: string): Group {
    const missing = (partition: number, from: number, to: number) => {
      metrics.missing.inc({ system: name }, to - from)
      log.error({ system: name, partition, from, to }, 'these offsets expired before they were read')
    }
    return openGroup({
      connection,
      topic,
      groupId: `playhead-sink-${name}-${identity}`,
      alone,
      log: log.child({ system: name }),
      onMissing: missing,
    })
  }

  /** Reads once and writes the listens. @returns whether the output has stored any */
  async function turn(from: Group): Promise<boolean> {
    const { topicId, records } = await fromKafka(from.read())
    if (records.length === 0) return false
    const { listens, refused } = contentsOf(records, topicId, Date.now())
    for (const { why } of refused) metrics.refused.inc({ system: name, reason: why.reason })
    for (const { record, why } of refused.slice(0, LOGGED))
      log.warn(
        { system: name, partition: record.partition, offset: record.offset, reason: why.reason },
        'record rejected: it is not a valid listen',
      )
    const timed = metrics.writeSeconds.startTimer({ system: name })
    if (listens.length > 0) await target.write(listens)
    timed()
    await from
      .commit()
      .catch((error) => log.warn({ system: name, reason: kafkaReason(error) }, 'offsets not committed'))
    handed += listens.length
    return listens.length > 0
  }

  /** Opens the output and fills it until something fails. */
  async function work(): Promise<void> {
    const identity = await target.open()
    if (group !== null && !group.groupId.endsWith(`-${identity}`)) {
      log.warn(
        { system: name },
        'the output was emptied or replaced; filling it from the beginning of the topic',
      )
      await group.close()
      group = null
    }
    group ??= joined(identity)
    while (!signal.aborted) {
      // An output that could be opened may still reject listens.
      if (!(await turn(group)) && group.lag() !== 0) continue
      started = true
      trouble = null
    }
  }

  async function run(): Promise<void> {
    for (let retryMs = FIRST_RETRY_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      const before = handed
      try {
        await work()
      } catch (error) {
        trouble = error instanceof KafkaTrouble ? error.trouble : target.troubleOf(error)
        if (handed > before) retryMs = FIRST_RETRY_MS
        log.warn(
          { system: name, ...trouble, reason: reasonOf(error), retryMs },
          'listens not written; trying again',
        )
        group?.rewind()
        await Promise.all([wait(retryMs, signal), group?.look().catch(() => {})])
      }
    }
  }

  function state(): SystemState {
    const lost = group?.lost ?? null
    const wrong =
      trouble ??
      (lost === null ? null : ({ state: 'waiting', detail: `The consumer group is lost: ${lost}.` } as const))
    return {
      name,
      kind: 'sink',
      state: wrong?.state ?? (started ? 'running' : 'starting'),
      detail: wrong?.detail ?? '',
      handed,
      lag: group?.lag() ?? null,
    }
  }

  const done = run()
  return {
    states: () => [state()],
    async stop() {
      stopping.abort()
      await done
      await group?.close()
      await target.close()
    },
  }
}

/** An error of Kafka, not of the output. */
class KafkaTrouble extends Error {
  readonly trouble: Trouble

  constructor(cause: unknown) {
    super(kafkaReason(cause), { cause })
    this.trouble = {
      state: 'waiting',
      detail: `Kafka does not answer: ${this.message.slice(0, 200)}. Check the broker; listens wait there.`,
    }
  }
}

async function fromKafka<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw new KafkaTrouble(error)
  }
}

/** One short line, because the message of an output may quote a listen. */
function reasonOf(error: unknown): string {
  return String(error).replace(/\s+/g, ' ').slice(0, 200)
}
