import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Song } from '../catalogue/song.ts'
import { onceKeyOf } from '../kafka/once.ts'
import { decodeListen } from '../listen/decode.ts'
import type { LineBuffer } from '../store/line-buffer.ts'
import { listenLine } from '../store/listens.ts'
import { type Item, OK, type Outcome } from './outcome.ts'

/** What the steps may look at. */
export interface StepContext {
  /** The highest offset of a partition that the store holds; -1 when it holds none. */
  storedOffset(partition: number): number
  /** Whether the store had handled an offset below these marks and has lost it since. */
  isLost(partition: number, offset: number): boolean
  /** The highest offset of a partition that is in the index of dead letters; -1 when there is none. */
  indexedOffset(partition: number): number
  catalogue: Pick<Catalogue, 'has'>
  /** Songs that the catalogue does not know yet; kept together with the batch that brought them. */
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

/** The way of every record, in this order. What comes out of the last step is stored. */
export const STEPS: readonly Step[] = [
  { name: 'skip_handled', run: skipHandled },
  { name: 'decode', run: decode },
  { name: 'skip_stored', run: skipStored },
  { name: 'learn_song', run: learnSong },
  { name: 'write_line', run: writeLine },
]

/** After a crash Kafka offers again what was handled but not committed; below both marks it need not even be decoded. */
function skipHandled({ record: { offset, partition } }: Item, context: StepContext): Outcome {
  return offset <= Math.min(context.storedOffset(partition), context.indexedOffset(partition)) &&
    !context.isLost(partition, offset)
    ? ALREADY_STORED
    : OK
}

/** Between the two marks only decoding tells: the listens of a batch are stored before its dead letters are indexed. */
function skipStored({ record: { offset, partition } }: Item, context: StepContext): Outcome {
  return offset <= context.storedOffset(partition) && !context.isLost(partition, offset) ? ALREADY_STORED : OK
}
const ALREADY_STORED: Outcome = { kind: 'drop', reason: 'already_stored' }

function decode(item: Item, { now, indexedOffset, isLost }: StepContext): Outcome {
  const decoded = decodeListen(item.record.value, now)
  if (!decoded.ok) {
    const { offset, partition } = item.record
    if (offset <= indexedOffset(partition) && !isLost(partition, offset)) return ALREADY_STORED
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

/** Here and not when the batch is stored, because here the store is still busy with the batch before. */
function writeLine(item: Item, { lines }: StepContext): Outcome {
  const { listen, record } = item
  if (listen !== null) item.line = lines.add(listenLine(listen, record, onceKeyOf(record.headers)))
  return OK
}
