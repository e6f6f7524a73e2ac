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
  /** Whether only this process can hand listens on to the target. */
  alone: boolean
  metrics: SinkMetrics
  log: Logger
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000
/** Records that are no listens and get a line of their own in the log, of those that were read together. */
const LOGGED = 5

/**
 * Hands listens on to a system as a consumer group of its own, until it is stopped. The group is named after what it
 * fills, so that a second keyspace gets every listen too, and one that was emptied is filled again from the beginning of
 * the topic. Offsets are committed when the system has acknowledged what was read; whatever fails before begins again at
 * the committed offsets, with the system opened anew.
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
      log.error(
        { system: name, partition, from, to },
        'the topic dropped these offsets before they were handed on',
      )
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

  /** Hands on what is read in one go. @returns whether the system has taken anything */
  async function turn(from: Group): Promise<boolean> {
    const { topicId, records } = await fromKafka(from.read())
    if (records.length === 0) return false
    const { listens, refused } = contentsOf(records, topicId, Date.now())
    for (const { why } of refused) metrics.refused.inc({ system: name, reason: why.reason })
    for (const { record, why } of refused.slice(0, LOGGED))
      log.warn(
        { system: name, partition: record.partition, offset: record.offset, reason: why.reason },
        'record not handed on: it is no listen',
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

  /** Opens the system and hands on until something fails. */
  async function work(): Promise<void> {
    const identity = await target.open()
    if (group !== null && !group.groupId.endsWith(`-${identity}`)) {
      log.warn({ system: name }, 'the system was emptied, or is another one; handing on from the beginning')
      await group.close()
      group = null
    }
    group ??= joined(identity)
    while (!signal.aborted) {
      // That the system could be opened does not mean that it takes listens.
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
          'listens not handed on; trying again',
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

/** Tells an error of Kafka from one of the system. */
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

/** Kept short and to one line, since a system's message may quote a listen. */
function reasonOf(error: unknown): string {
  return String(error).replace(/\s+/g, ' ').slice(0, 200)
}
