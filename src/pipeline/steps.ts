import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Song } from '../catalogue/song.ts'
import { decodeRecord } from '../kafka/decode-record.ts'
import type { FetchedRecord } from '../kafka/fetched-record.ts'
import { onceKeyOf } from '../kafka/once.ts'
import type { LineBuffer } from '../store/line-buffer.ts'
import { listenLine } from '../store/listens.ts'
import { type Item, OK, type Outcome } from './outcome.ts'

/** What the steps may read. */
export interface StepContext {
  /** Whether the store is past this record with its listens, and has not lost it since. */
  isStored(record: FetchedRecord): boolean
  /** Whether the index of dead letters is past this record, and has not lost it since. */
  isIndexed(record: FetchedRecord): boolean
  catalogue: Pick<Catalogue, 'has'>
  /** Songs that the catalogue does not know yet; stored with the batch that brought them. */
  newSongs: Song[]
  /** The lines of the batch. */
  lines: LineBuffer
  /** Milliseconds since 1970. */
  now: number
}

export interface Step {
  name: string
  run(item: Item, context: StepContext): Outcome
}

/** The steps of every record, in this order. Records that pass the last one are stored. */
export const STEPS: readonly Step[] = [
  { name: 'skip_handled', run: skipHandled },
  { name: 'decode', run: decode },
  { name: 'skip_stored', run: skipStored },
  { name: 'learn_song', run: learnSong },
  { name: 'write_line', run: writeLine },
]

const ALREADY_STORED: Outcome = { kind: 'drop', reason: 'already_stored' }

/** After a crash Kafka offers records again that were handled but not committed. */
function skipHandled({ record }: Item, context: StepContext): Outcome {
  return context.isStored(record) && context.isIndexed(record) ? ALREADY_STORED : OK
}

/** Where only the listens of a batch were stored, and not the index of its dead letters, decoding tells the two apart. */
function skipStored({ record }: Item, context: StepContext): Outcome {
  return context.isStored(record) ? ALREADY_STORED : OK
}

function decode(item: Item, { now, isIndexed }: StepContext): Outcome {
  const decoded = decodeRecord(item.record, now)
  if (!decoded.ok) {
    if (isIndexed(item.record)) return ALREADY_STORED
    const { reason, field, message } = decoded
    return { kind: 'dead_letter', reason, field, message }
  }
  item.listen = decoded.listen
  return OK
}

function learnSong({ listen }: Item, { catalogue, newSongs }: StepContext): Outcome {
  if (listen === null) return OK
  const { title, artist, genre } = listen
  if (!catalogue.has(listen)) newSongs.push({ title, artist, genre })
  return OK
}

/** Happens here and not when the batch is stored, because the store is still busy with the batch before. */
function writeLine(item: Item, { lines }: StepContext): Outcome {
  const { listen, record } = item
  if (listen !== null) item.line = lines.add(listenLine(listen, record, onceKeyOf(record.headers)))
  return OK
}
