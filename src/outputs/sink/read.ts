import { decodeRecord } from '../../kafka/decode-record.ts'
import type { FetchedRecord } from '../../kafka/fetched-record.ts'
import { onceKeyOf } from '../../kafka/once.ts'
import type { Rejection } from '../../listen/decode.ts'
import type { HandedListen } from './target.ts'

/** The listens and the rejected records of one read, by the rules of the pipeline. */
export interface Contents {
  listens: HandedListen[]
  /** Rejected records. Only the pipeline writes dead letters for them; see docs/outputs.md. */
  refused: { record: FetchedRecord; why: Rejection }[]
}

/** @param now milliseconds since 1970; later timestamps are in the future */
export function contentsOf(records: readonly FetchedRecord[], topicId: string, now: number): Contents {
  const contents: Contents = { listens: [], refused: [] }
  for (const record of records) {
    const decoded = decodeRecord(record, now)
    if (!decoded.ok) {
      contents.refused.push({ record, why: decoded })
      continue
    }
    const { partition, offset, headers } = record
    contents.listens.push({
      listen: decoded.listen,
      id: `${topicId}/${partition}/${offset}`,
      partition,
      offset,
      onceKey: onceKeyOf(headers),
    })
  }
  return contents
}
