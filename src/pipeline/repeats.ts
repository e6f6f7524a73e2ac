import type { Logger } from 'pino'
import { onceKeyOf } from '../kafka/once.ts'
import { storedOnceKeys } from '../store/listens.ts'
import type { Store } from '../store/store.ts'
import type { Batch, Row } from './batch.ts'
import type { DropReason } from './outcome.ts'
import { trail } from './trail.ts'

/**
 * Takes out of a batch what is stored already under the same once key, or comes twice in the batch. It is asked right
 * before the INSERT, when no other one of these partitions is under way, so the answer holds until then. The offsets
 * are noted as absent, so that they do not count as lost.
 * @returns how many were taken out
 */
export async function dropRepeats(batch: Batch, store: Store, log: Logger): Promise<number> {
  const keys = batch.rows.map(({ record }) => onceKeyOf(record.headers))
  const asked = new Set(keys.filter((key) => key !== ''))
  if (asked.size === 0) return 0
  const seen = await storedOnceKeys(store, [...asked])
  const repeats: { record: Row['record']; reason: DropReason }[] = []
  batch.rows = batch.rows.filter(({ record }, index) => {
    const key = keys[index] ?? ''
    if (key === '') return true
    if (!seen.has(key)) {
      seen.add(key)
      return true
    }
    batch.absent.push({ partition: record.partition, from: record.offset, to: record.offset + 1 })
    repeats.push({ record, reason: 'repeated' })
    return false
  })
  trail(log, 'record left out', repeats)
  return repeats.length
}
