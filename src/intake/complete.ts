import { listenerId, trackId } from '../listen/name-based-id.ts'

/** The fields that {@link complete} fills in. */
export const COMPLETED_FIELDS = ['user_id', 'track_id', 'timestamp'] as const

/**
 * Fills in the ids and the time of an event that come without them. A field that is there stays as it is, right or
 * wrong, so that the decoder judges it as it would on the topic.
 * @param now milliseconds since 1970
 */
export function complete(event: Record<string, unknown>, now: number): void {
  const text = (field: string) => (typeof event[field] === 'string' ? event[field] : '')
  const missing = (field: string) => !Object.hasOwn(event, field)
  if (missing('user_id')) event['user_id'] = listenerId(text('name'), text('email'))
  if (missing('track_id')) event['track_id'] = trackId(text('title'), text('artist'))
  if (missing('timestamp')) event['timestamp'] = Math.floor(now / 1000)
}
