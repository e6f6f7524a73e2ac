import assert from 'node:assert/strict'
import type { Readiness } from '../../src/api/readiness.ts'
import { createFetcher } from '../../src/kafka/fetcher.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import type { Listen } from '../../src/listen/listen.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { type Member, memberOf } from './fleet.ts'
import { countRecords, readRecords } from './kafka.ts'
import { spawnPlayhead } from './playhead.ts'
import { until } from './until.ts'

/** A `playhead sink` or `playhead connect` that runs in a separate process. */
export interface RunningSink extends Member {
  /** State of its output in `/readyz`. */
  state(): Promise<Readiness['systems'][number]>
  metrics(): Promise<string>
}

/** Starts `playhead sink` and waits until its health can be read. */
export const startSinkProcess = (name: string, env: Record<string, string>) =>
  startHandingOn(['sink', name], env)

/** Starts `playhead connect` and waits until its health can be read. */
export const startConnectProcess = (env: Record<string, string>) => startHandingOn(['connect'], env)

async function startHandingOn(command: readonly string[], env: Record<string, string>): Promise<RunningSink> {
  const member = memberOf(spawnPlayhead(command, { METRICS_PORT: '0', LOG_LEVEL: 'info', ...env }))
  const url = await until('it says where its health is', () => {
    if (member.ended() !== null) throw new Error(`it ended:\n${member.output()}`)
    return /Health and metrics are at (\S+)/.exec(member.output())?.[1]
  })
  return {
    ...member,
    async state() {
      const { systems } = (await (await fetch(`${url}/readyz`)).json()) as Readiness
      const [state] = systems
      assert.ok(state !== undefined)
      return state
    },
    metrics: async () => await (await fetch(`${url}/metrics`)).text(),
  }
}

/** Every listen of a topic, by `topic id/partition/offset`. */
export async function listensOf(bootstrap: string, topic: string): Promise<Map<string, Listen>> {
  const connection = { brokers: bootstrap.split(',') }
  const fetcher = createFetcher(connection, { topic, log: createLogger('silent'), onMissing: () => {} })
  const topicId = await fetcher.topicId()
  await fetcher.close()
  const records = await readRecords(bootstrap, topic, await countRecords(bootstrap, topic))
  const listens = new Map<string, Listen>()
  for (const { value, partition, offset } of records) {
    const decoded = decodeListen(value, Date.now())
    if (decoded.ok) listens.set(`${topicId}/${partition}/${offset}`, decoded.listen)
  }
  return listens
}

/**
 * Compares an output with the topic: lists missing listens and listens that occur more than once.
 */
export function compare(expected: ReadonlySet<string>, ids: readonly string[]) {
  const seen = new Set(ids)
  const strangers = ids.filter((id) => !expected.has(id))
  assert.deepEqual(strangers.slice(0, 3), [], 'the system holds what the topic does not')
  return {
    events: expected.size,
    missing: [...expected].filter((id) => !seen.has(id)).length,
    twice: ids.length - seen.size,
  }
}
