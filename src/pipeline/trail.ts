import type { Logger } from 'pino'
import type { FetchedRecord } from '../kafka/fetched-record.ts'
import { onceKeyOf } from '../kafka/once.ts'

/**
 * Says of each record what happened to it, so that one can be followed by its place from the topic to the live feed. Only at
 * the level `debug`, and without any work below it.
 */
export function trail(
  log: Logger,
  message: string,
  records: Iterable<{ record: Omit<FetchedRecord, 'key' | 'value'>; reason?: string }>,
): void {
  if (!log.isLevelEnabled('debug')) return
  for (const { record, reason } of records) {
    const once = onceKeyOf(record.headers)
    const { partition, offset } = record
    log.debug(
      { partition, offset, ...(once === '' ? {} : { once }), ...(reason === undefined ? {} : { reason }) },
      message,
    )
  }
}
