import { isUtf8 } from 'node:buffer'
import { type Static, Type } from 'typebox'

const Value = Type.Union([Type.String({ maxLength: 2_000 }), Type.Number(), Type.Boolean(), Type.Null()])

/** Fields of an event and what they are to be; `location.city` and `location.country` are written with a dot. */
export const FixSchema = Type.Object(
  Object.fromEntries(
    [
      ...[
        'user_id',
        'name',
        'email',
        'track_id',
        'title',
        'artist',
        'genre',
        'timestamp',
        'platform',
        'mood',
      ],
      ...['location.city', 'location.country', 'duration_seconds', 'listen_position', 'completed', 'rating'],
      'is_skipped',
    ].map((field) => [field, Type.Optional(Value)]),
  ),
  { additionalProperties: false, minProperties: 1 },
)

export type Fix = Static<typeof FixSchema>

/** The JSON object in some bytes with fields changed; null where they hold no JSON object. */
export function applyFix(bytes: Buffer | null, fix: Fix): Buffer | null {
  const event = bytes !== null && isUtf8(bytes) ? parse(bytes.toString()) : null
  if (!isObject(event)) return null
  for (const [path, value] of Object.entries(fix)) {
    const [field = '', inner] = path.split('.')
    if (inner === undefined) event[field] = value
    else event[field] = { ...(isObject(event[field]) ? event[field] : {}), [inner]: value }
  }
  return Buffer.from(JSON.stringify(event))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
