import { compile } from '../listen/compile.ts'
import { TOPIC_FIELDS } from '../listen/fields.ts'
import type { Listen } from '../listen/listen.ts'
import type { LineBuffer, LineSpan } from './line-buffer.ts'
import { type Claim, underClaim } from './partition-claims.ts'
import type { InsertTarget, Store } from './store.ts'

/** Where a record stands in Kafka. */
export interface Place {
  topicId: string
  partition: number
  offset: number
}

/** Values that all listens of a batch share come first, so that they can be written when the batch is stored. */
const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['topic_id', 'UUID'],
  ['stored_at', 'DateTime64(3)'],
  ['kafka_partition', 'UInt32'],
  ['kafka_offset', 'UInt64'],
  ...TOPIC_FIELDS.map(({ column, type }) => [column, type] as const),
  ['once_key', 'String'],
]

/** The table and its columns, in the order of {@link listenLine}. */
export const INTO_LISTENS: InsertTarget = { table: 'listens', columns: COLUMNS.map(([name]) => name) }
const STRUCTURE = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')

/** What the listens of a batch have in common. */
export interface BatchMark {
  topicId: string
  /** Seconds since 1970; one value for the whole batch, so that the batch is one part. */
  storedAt: number
}

/** Lines of {@link listenLine}: those of a buffer that are meant. */
export interface Lines {
  buffer: LineBuffer
  spans: readonly LineSpan[]
}

/** What stands before each line of a batch, instead of its bracket. */
export function lineBeginning({ topicId, storedAt }: BatchMark): string {
  return `["${topicId}","${storedAt.toFixed(3)}",`
}

const values = TOPIC_FIELDS.map(({ path, kind }) => `listen.${path}${kind === 'time' ? '.toFixed(3)' : ''}`)
const cells = compile<(listen: Listen, partition: number, offset: number, onceKey: string) => unknown[]>(
  'listen, partition, offset, onceKey',
  `[partition, offset, ${values.join(', ')}, onceKey]`,
)

/**
 * Writes a listen as a line of an INSERT, without the values that all listens of a batch share.
 * @param onceKey a key of which only one listen is stored; empty for none
 */
export function listenLine(
  listen: Listen,
  { partition, offset }: Omit<Place, 'topicId'>,
  onceKey = '',
): string {
  return JSON.stringify(cells(listen, partition, offset, onceKey))
}

/**
 * Which partitions of a batch are stored. A partition is stored whole or not at all, so its first listen stands for all;
 * on one server likewise the batch.
 * @param firsts the first offset of each partition of the batch
 * @param storedAt seconds since 1970, as the batch was given; it says where to look, so that not every row is read
 */
export async function storedPartitions(
  store: Store,
  topicId: string,
  firsts: ReadonlyMap<number, number>,
  storedAt: number,
): Promise<Set<number>> {
  const rows = await store.rows<[number]>(
    `SELECT DISTINCT kafka_partition FROM ${store.everyCopy('listens')}
     WHERE stored_at = toDateTime64({at:String}, 3, 'UTC') AND topic_id = {topic:UUID}
       AND kafka_partition IN {partitions:Array(UInt32)} AND kafka_offset IN {offsets:Array(UInt64)}`,
    {
      params: {
        at: storedAt.toFixed(3),
        topic: topicId,
        partitions: [...firsts.keys()],
        offsets: [...firsts.values()],
      },
    },
  )
  return new Set(rows.map(([partition]) => partition))
}

/**
 * Stores a batch of lines of {@link listenLine} all together or not at all.
 * @param held where several processes fill the store: the claim that must still be the latest, and the batch's partitions
 */
export function insertListens(
  store: Store,
  mark: BatchMark,
  { buffer, spans }: Lines,
  held?: { claim: Claim; partitions: readonly number[] },
): Promise<void> {
  const lines = buffer.copy(lineBeginning(mark), spans)
  if (held === undefined) return store.insert(INTO_LISTENS, lines)
  return store.insert(INTO_LISTENS, lines, {
    structure: STRUCTURE,
    ...underClaim(held.claim, held.partitions),
  })
}

const KEYS_AT_ONCE = 1_000

/** Which of these once keys the store has a listen for, or had one that is in the archive. */
export async function storedOnceKeys(store: Store, keys: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE) {
    const rows = await store.rows<[string]>(
      `SELECT DISTINCT once_key FROM ${store.everyCopy('listens')} WHERE once_key IN {keys:Array(String)}
       UNION DISTINCT SELECT once_key FROM dropped_once_keys WHERE once_key IN {keys:Array(String)}`,
      { params: { keys: keys.slice(from, from + KEYS_AT_ONCE) }, maxSeconds: 120, withoutDead: true },
    )
    for (const [key] of rows) found.add(key)
  }
  return found
}
