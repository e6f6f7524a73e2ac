import { type Static, Type } from 'typebox'
import type { LostTail } from '../store/known-lineages.ts'

/** How long a log that lost its end is reported, in seconds. */
const SHOWN_SECONDS = 7 * 86_400

export const LostTailsSchema = Type.Array(
  Type.Object({
    partition: Type.Integer(),
    first_offset: Type.Integer({ description: 'The first offset that Kafka lost after it was stored' }),
    end_offset: Type.Integer({ description: 'The offset after the last one that was stored and lost' }),
    noted_at: Type.Number({ description: 'When the pipeline noticed it, in seconds since 1970 (UTC)' }),
  }),
  {
    description:
      'Partitions whose log lost its end in the last 7 days, the latest first. Their listens stay in the store',
  },
)

/**
 * Returns what logs have lost recently, the latest first.
 * @param now milliseconds since 1970
 */
export function recentlyLost(lost: readonly LostTail[], now: number): Static<typeof LostTailsSchema> {
  return lost
    .filter(({ notedAt }) => now / 1000 - notedAt < SHOWN_SECONDS)
    .map(({ partition, from, to, notedAt }) => ({
      partition,
      first_offset: from,
      end_offset: to,
      noted_at: notedAt,
    }))
    .reverse()
}
