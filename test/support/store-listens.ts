import type { Listen } from '../../src/listen/listen.ts'
import { createLineBuffer } from '../../src/store/line-buffer.ts'
import { type BatchMark, insertListens, listenLine } from '../../src/store/listens.ts'
import type { Store } from '../../src/store/store.ts'

/** Stores listens of one partition as the pipeline does, with offsets that follow on each other. */
export function storeListens(
  store: Store,
  mark: BatchMark,
  listens: readonly Listen[],
  { partition, from }: { partition: number; from: number } = { partition: 0, from: 0 },
): Promise<void> {
  const buffer = createLineBuffer()
  const spans = listens.map((listen, n) => buffer.add(listenLine(listen, { partition, offset: from + n })))
  return insertListens(store, mark, { buffer, spans })
}
