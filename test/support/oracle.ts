import assert from 'node:assert/strict'
import { createProducer, type OutgoingRecord } from '../../src/kafka/producer.ts'
import { deadLetterTopic, ensureTopics } from '../../src/kafka/topics.ts'
import { listensFor } from '../../src/questions/listen-source.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTop } from '../../src/questions/top.ts'
import { askTotals } from '../../src/questions/totals.ts'
import type { Store } from '../../src/store/store.ts'
import { event } from './event.ts'
import { countRecords, readRecords } from './kafka.ts'
import { until } from './until.ts'

const TICK_MS = 50
const ARTISTS = ['Joji', 'Avicii', 'Björk', 'Rosalía', 'Fela Kuti', 'Mitski', 'Burial']

/** Result of a case of the fault suite. */
export interface Verdict {
  events: number
  missing: number
  twice: number
  outOfOrder: number
  /** Seconds from the last acknowledgement until every acknowledged event was stored. */
  caughtUpAfter: number
}

export interface Traffic {
  rate: number
  users?: number
  /** Share of the events that the first user sends, from 0 to 1. */
  hot?: number
  /** Makes some events bad. Returns the value to send instead, or undefined for a good event. */
  spoil?: (number: number) => Buffer | null | undefined
  /** Size in bytes to which spaces pad the value of each good event. */
  bytes?: number
  /** Seconds since 1970 for an event. */
  timestampOf?: (number: number) => number
}

/** Sends identifiable events and checks afterwards that each was handled. */
export interface Oracle {
  /** Sends at a steady rate. @returns stops it and waits for all answers */
  drive(traffic: Traffic): () => Promise<void>
  /** Sends a number of events as fast as possible. */
  send(count: number, traffic?: Omit<Traffic, 'rate'>): Promise<void>
  /** Number of good events that Kafka has acknowledged. */
  readonly acknowledged: number
  /** Number of bad events that Kafka has acknowledged. */
  readonly acknowledgedBad: number
  /**
   * Waits until every acknowledged event is stored, and compares: acknowledged = stored = summed,
   * the events of each user in the order of sending, each bad event in the dead letters.
   */
  verify(store: Store): Promise<Verdict>
  /**
   * Sends with a new producer: after a log was cut, the broker no longer knows the sequence of the
   * old one.
   */
  renewProducer(): Promise<void>
  close(): Promise<void>
}

interface Sent {
  user: string
  sequence: number
  artist: string
}

/**
 * @param bootstrap `host:port` of a broker, or of several, separated by commas
 * @param topic a topic without other producers
 */
export async function createOracle(bootstrap: string, topic: string): Promise<Oracle> {
  const connection = { brokers: bootstrap.split(',') }
  await ensureTopics(connection, topic)
  const open = () => createProducer(connection, { topic, role: 'oracle', retries: 5, compression: 'none' })
  let producer = open()
  const sent = new Map<string, Sent>()
  const acknowledged = new Set<string>()
  const bad = new Set<string>()
  const sequences = new Map<string, number>()
  const stops: (() => void)[] = []
  let number = 0
  let lastAcknowledged = performance.now()

  function next(traffic: Omit<Traffic, 'rate'>): { id: string; record: OutgoingRecord; isBad: boolean } {
    const { users = 50, hot = 0, spoil, bytes = 0, timestampOf } = traffic
    number += 1
    const id = `oracle-${number}`
    const user = `user-${(number % 1000) / 1000 < hot ? 0 : number % users}`
    const key = Buffer.from(user)
    const headers = new Map([['oracle', Buffer.from(id)]])
    const spoilt = spoil?.(number)
    if (spoilt !== undefined) return { id, isBad: true, record: { key, value: spoilt, headers } }
    const sequence = (sequences.get(user) ?? 0) + 1
    sequences.set(user, sequence)
    const artist = ARTISTS[number % ARTISTS.length] ?? 'Joji'
    sent.set(id, { user, sequence, artist })
    const timestamp = timestampOf?.(number) ?? Math.floor(Date.now() / 1000)
    const value = event({
      user_id: user,
      name: user,
      track_id: id,
      artist,
      title: `Song ${number % 40}`,
      timestamp,
    })
    return {
      id,
      isBad: false,
      record: { key, value: padded(Buffer.from(JSON.stringify(value)), bytes), headers },
    }
  }

  /**
   * An event without an acknowledgement may be stored once or not at all; it is never sent again.
   */
  async function sendNext(count: number, traffic: Omit<Traffic, 'rate'>): Promise<void> {
    const made = Array.from({ length: count }, () => next(traffic))
    await producer.send(made.map(({ record }) => record))
    for (const { id, isBad } of made) (isBad ? bad : acknowledged).add(id)
    lastAcknowledged = performance.now()
  }

  async function missingOf(store: Store): Promise<number> {
    const [row] = await store.rows<[number]>('SELECT uniqExact(track_id) FROM listens')
    if ((row?.[0] ?? 0) < acknowledged.size) return acknowledged.size - (row?.[0] ?? 0)
    const stored = new Set((await store.rows<[string]>('SELECT track_id FROM listens')).map(([id]) => id))
    return [...acknowledged].filter((id) => !stored.has(id)).length
  }

  async function checkDeadLetters(store: Store): Promise<void> {
    if (bad.size === 0) return
    const [row] = await store.rows<[number]>('SELECT count() FROM dead_letters FINAL')
    assert.ok((row?.[0] ?? 0) >= bad.size, `${row?.[0]} dead letters in the index, ${bad.size} bad ones sent`)
    // Counts all copies: events that were sent again after a crash are on the topic twice.
    const all = await countRecords(bootstrap, deadLetterTopic(topic))
    const letters = await readRecords(bootstrap, deadLetterTopic(topic), all)
    const ids = new Set(
      letters.map(({ headers }) => headers.find(([name]) => name?.toString() === 'oracle')?.[1]?.toString()),
    )
    assert.deepEqual(
      [...bad].filter((id) => !ids.has(id)).slice(0, 5),
      [],
      'bad ones that are no dead letters',
    )
  }

  return {
    get acknowledged() {
      return acknowledged.size
    },
    get acknowledgedBad() {
      return bad.size
    },
    drive(traffic) {
      let running = true
      stops.push(() => {
        running = false
      })
      const driving = (async () => {
        let done = 0
        const started = performance.now()
        while (running) {
          const due = Math.floor(((performance.now() - started) / 1000) * traffic.rate) - done
          if (due > 0) {
            // One request at a time keeps the order of each user. A failed request may still have
            // stored its events.
            await sendNext(Math.min(due, 2_000), traffic).catch(() => {})
            done += due
          } else await new Promise((resolve) => setTimeout(resolve, TICK_MS))
        }
      })()
      return async () => {
        running = false
        await driving
      }
    },
    async send(count, traffic = {}) {
      for (let left = count; left > 0; left -= 2_000) await sendNext(Math.min(left, 2_000), traffic)
    },
    async verify(store) {
      let missing = acknowledged.size
      await until(
        'everything acknowledged is stored',
        async () => {
          missing = await missingOf(store)
          return missing === 0
        },
        120_000,
      ).catch((error: unknown) => {
        if (missing === 0) throw error
      })
      const caughtUpAfter = (performance.now() - lastAcknowledged) / 1000
      const rows = await store.rows<[string, string, number, number]>(
        // A log that lost its tail continues under another id; rows stored before that come first.
        `SELECT track_id, user_id, kafka_partition, kafka_offset FROM listens
         ORDER BY kafka_partition, min(stored_at) OVER (PARTITION BY topic_id, kafka_partition), kafka_offset`,
        { maxSeconds: 60 },
      )
      const seen = new Set<string>()
      const last = new Map<string, number>()
      const artists = new Map<string, number>()
      let twice = 0
      let outOfOrder = 0
      for (const [id, user] of rows) {
        const known = sent.get(id)
        assert.ok(known !== undefined && known.user === user, `${id} was never sent by ${user}`)
        if (seen.has(id)) twice += 1
        seen.add(id)
        if (known.sequence < (last.get(user) ?? 0)) outOfOrder += 1
        last.set(user, Math.max(known.sequence, last.get(user) ?? 0))
        artists.set(known.artist, (artists.get(known.artist) ?? 0) + 1)
      }
      const verdict = { events: acknowledged.size, missing, twice, outOfOrder, caughtUpAfter }
      assert.deepEqual(
        { missing, twice, outOfOrder },
        { missing: 0, twice: 0, outOfOrder: 0 },
        JSON.stringify(verdict),
      )
      const [places] = await store.rows<[number]>(
        'SELECT uniqExact(topic_id, kafka_partition, kafka_offset) FROM listens',
      )
      assert.equal(places?.[0], rows.length, 'each row has a distinct place')
      assert.equal((await askTotals(listensFor(store, EVERYONE), {})).listens, rows.length)
      const top = await askTop(listensFor(store, EVERYONE), { by: 'artist', limit: 1000 })
      assert.deepEqual(new Map(top.values.map(({ value, listens }) => [value, listens])), artists)
      await checkDeadLetters(store)
      return verdict
    },
    async renewProducer() {
      await producer.close()
      producer = open()
    },
    async close() {
      for (const stop of stops) stop()
      await producer.close()
    },
  }
}

/** JSON padded with spaces to a size in bytes, not characters. */
function padded(json: Buffer, bytes: number): Buffer {
  return Buffer.concat([json, Buffer.alloc(Math.max(0, bytes - json.length), ' ')])
}
