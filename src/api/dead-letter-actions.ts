import { type Static, Type } from 'typebox'
import type { FetchedRecord } from '../kafka/fetched-record.ts'
import { sendableHeaders } from '../kafka/headers.ts'
import { ONCE_HEADER, onceKeyOf, REDRIVEN_FROM_HEADER } from '../kafka/once.ts'
import type { OutgoingRecord, TopicProducer } from '../kafka/producer.ts'
import type { RecordPlace } from '../kafka/read-record.ts'
import { decodeListen } from '../listen/decode.ts'
import {
  askDeadLetter,
  askDeadLetters,
  type DeadLetter,
  DeadLettersQuerySchema,
  placeOf,
} from '../questions/dead-letters.ts'
import type { ListenSource } from '../questions/listen-source.ts'
import { type DeadLetterAction, insertDeadLetterActions } from '../store/dead-letters.ts'
import type { Store } from '../store/store.ts'
import { RequestError } from './error.ts'
import { applyFix, type Fix, FixSchema } from './fix.ts'

const { reason, from, to, partition, status, limit, cursor } = DeadLettersQuerySchema.properties

/** Which dead letters something is done about: some by id, or a page of a selection. */
export const SelectionSchema = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 1000 })),
    ...{ reason, from, to, partition, status, limit, cursor },
    set: Type.Optional(FixSchema),
    dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Only say what would be done' })),
  },
  { additionalProperties: false },
)

export const DoneSchema = Type.Object({
  done: Type.Integer({ description: 'How many were sent back or dropped' }),
  skipped: Type.Array(
    Type.Object({
      id: Type.String(),
      code: Type.Enum(['not_found', 'gone', 'stored', 'dropped', 'not_fixable', 'still_bad']),
      message: Type.String(),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'The `cursor` to go on with; null at the end',
  }),
})

export type Selection = Static<typeof SelectionSchema>
export type Done = Static<typeof DoneSchema>
type Skipped = Done['skipped'][number]

export interface ActionOptions {
  store: Store
  /** Those whom the caller may read; dead letters of others are not found. */
  listens: ListenSource
  producer: TopicProducer
  readRecords: (places: readonly RecordPlace[]) => Promise<(FetchedRecord | null)[]>
}

const ID_OF = (place: RecordPlace) => `${place.topicId}/${place.partition}/${place.offset}`

/**
 * Sends dead letters back to the partition that they came from, mended if wanted. A copy bears the once key of its
 * source, so that of all copies only one is ever stored, however often this is repeated.
 * @throws RequestError where nothing is selected, Failure KAFKA_UNAVAILABLE where the copies were not acknowledged
 */
export async function redrive(options: ActionOptions, selection: Selection): Promise<Done> {
  const { letters, skipped, next } = await select(options.listens, selection)
  const places = letters.map(({ id }) => placeOf(id)).filter((place) => place !== null)
  const records = await options.readRecords(places)
  const copies: { place: RecordPlace; record: OutgoingRecord; onceKey: string }[] = []
  for (const [index, place] of places.entries()) {
    const id = letters[index]?.id ?? ''
    const found = records[index] ?? null
    if (found === null) {
      skipped.push({ id, code: 'gone', message: 'The topic no longer has this record.' })
      continue
    }
    const value = mend(found.value, selection.set)
    if ('code' in value) skipped.push({ id, ...value })
    else copies.push(copyOf(place, found, value.bytes))
  }
  if (selection.dry_run !== true && copies.length > 0) {
    const sent = await options.producer.send(copies.map(({ record }) => record))
    const fix = selection.set === undefined ? '' : JSON.stringify(selection.set)
    await insertDeadLetterActions(
      options.store,
      copies.map(
        ({ place, onceKey }, index): DeadLetterAction => ({
          ...place,
          ...{ actedAt: Date.now(), action: 'redriven', fix, onceKey, sent: sent[index] ?? null },
        }),
      ),
    )
  }
  return { done: copies.length, skipped, next }
}

/** Lets dead letters go: they stay in Kafka and in the index, marked. @throws RequestError where nothing is selected */
export async function drop(
  { store, listens }: Pick<ActionOptions, 'store' | 'listens'>,
  selection: Selection,
): Promise<Done> {
  const { letters, skipped, next } = await select(listens, selection)
  const places = letters.map(({ id }) => placeOf(id)).filter((place) => place !== null)
  if (selection.dry_run !== true)
    await insertDeadLetterActions(
      store,
      places.map((place) => ({
        ...place,
        ...{ actedAt: Date.now(), action: 'dropped', fix: '', onceKey: '', sent: null },
      })),
    )
  return { done: places.length, skipped, next }
}

/** A selection takes what waits for somebody; one by its id may also be sent again, unless it is stored. */
async function select(
  listens: ListenSource,
  { ids, set: _set, dry_run: _dry, ...query }: Selection,
): Promise<{ letters: DeadLetter[]; skipped: Skipped[]; next: string | null }> {
  const { reason, from, to, partition, status } = query
  if (ids === undefined) {
    if ([reason, from, to, partition, status].every((part) => part === undefined))
      throw new RequestError(
        400,
        'nothing_selected',
        'Name dead letters by `ids`, or select them by reason, from, to, partition or status.',
      )
    const page = await askDeadLetters(listens, { ...query, status: status ?? ['waiting'] })
    return { letters: page.dead_letters, skipped: [], next: page.next }
  }
  const letters: DeadLetter[] = []
  const skipped: Skipped[] = []
  for (const id of new Set(ids)) {
    const letter = (await askDeadLetter(listens, id))?.letter
    if (letter === undefined)
      skipped.push({ id, code: 'not_found', message: 'There is no such dead letter.' })
    else if (letter.status === 'stored')
      skipped.push({ id, code: 'stored', message: 'A copy of it is stored already.' })
    else letters.push(letter)
  }
  return { letters, skipped, next: null }
}

/** The bytes to send: as they were, or with fields changed; in either case such as the pipeline will accept. */
function mend(value: Buffer | null, fix: Fix | undefined): { bytes: Buffer } | Omit<Skipped, 'id'> {
  const bytes = fix === undefined ? value : applyFix(value, fix)
  if (bytes === null && fix !== undefined)
    return { code: 'not_fixable', message: 'It is not a JSON object, so no field of it can be set.' }
  const decoded = decodeListen(bytes, Date.now())
  if (!decoded.ok || bytes === null)
    return { code: 'still_bad', message: decoded.ok ? 'It has no value.' : decoded.message }
  return { bytes }
}

/** A copy of a dead letter with all its headers; ours come after them. */
function copyOf(place: RecordPlace, found: FetchedRecord, value: Buffer) {
  // A copy that fails again is a dead letter with the same once key, so its copies count as copies of the first one.
  const given = onceKeyOf(found.headers)
  const onceKey = given || `dlq/${ID_OF(place)}`
  const headers: [string | Buffer, Buffer | null][] = [
    ...sendableHeaders(found.headers).map(([name, bytes]): [Buffer, Buffer | null] => [name, bytes]),
    ...(given === '' ? [[ONCE_HEADER, Buffer.from(onceKey)] as [string, Buffer]] : []),
    [REDRIVEN_FROM_HEADER, Buffer.from(ID_OF(place))],
  ]
  // The same partition, so that copies are read one after the other by the same member of the group.
  return { place, onceKey, record: { key: found.key, value, headers, partition: place.partition } }
}
