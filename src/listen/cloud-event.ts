import { randomUUID } from 'node:crypto'
import type { Listen } from './listen.ts'

/** What a listen is called among CloudEvents. */
export const CLOUD_EVENT_TYPE = 'playhead.listen'

const SPEC_VERSION = Buffer.from('1.0')
const TYPE = Buffer.from(CLOUD_EVENT_TYPE)
const CONTENT_TYPE = Buffer.from('application/json')

/**
 * The headers that make a listen's record a CloudEvent in Kafka's binary content mode; the value stays as it is.
 * @param source who sends it, such as `/playhead/api`
 * @param id what is the same for all copies of one event, so that a reader can tell them; a new one where it is left out
 */
export function cloudEventHeaders(
  { timestamp }: Pick<Listen, 'timestamp'>,
  source: string,
  id: string = randomUUID(),
): Map<string, Buffer> {
  return new Map([
    ['ce_specversion', SPEC_VERSION],
    ['ce_id', Buffer.from(id)],
    ['ce_source', Buffer.from(source)],
    ['ce_type', TYPE],
    ['ce_time', Buffer.from(new Date(timestamp * 1000).toISOString())],
    ['content-type', CONTENT_TYPE],
  ])
}
