import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Compile } from 'typebox/compile'
import { decodeListen, EARLIEST_TIMESTAMP, MAX_VALUE_BYTES, type Rejection } from './decode.ts'
import { NO_EXTRAS } from './fields.ts'
import { type Listen, ListenSchema } from './listen.ts'
import { MAX_LENGTH } from './max-length.ts'
import { REASON_CODES, type Reason } from './reason.ts'

const NOW = 1_764_000_600_000

/** The record that WIRE-FORMATS shows, as an existing producer writes it. */
const EXAMPLE =
  '{"user_id":"8c6f0b52-1c1e-4f5c-9a44-0a1c6a9d7e11","name":"weeksmaria","email":"a@example.org",' +
  '"track_id":"5be7f2a0-6a49-4a0e-8f6b-3d1b8f7c2d90","title":"Glimpse of Us","artist":"Joji",' +
  '"genre":"Alt Pop","timestamp":1764000000,"platform":"Spotify",' +
  '"location":{"city":"Osaka","country":"Japan"},"mood":"Melancholic","duration_seconds":212,' +
  '"listen_position":183,"completed":true,"rating":4,"is_skipped":false}'

const example = (): Record<string, unknown> => JSON.parse(EXAMPLE)

/** The example as a listen. */
const decoded = () => ({ ...example(), ...NO_EXTRAS })

const withFields = (changes: Record<string, unknown>): Buffer =>
  Buffer.from(JSON.stringify({ ...example(), ...changes }))

const without = (...names: string[]): Buffer =>
  withFields(Object.fromEntries(names.map((name) => [name, undefined])))

const withText = (from: string, to: string): Buffer => {
  assert.ok(EXAMPLE.includes(from), 'the example contains what is to be replaced')
  return Buffer.from(EXAMPLE.replace(from, () => to))
}

const accepted = (value: Buffer, now = NOW): Listen => {
  const decoded = decodeListen(value, now)
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.message)
  return decoded.listen
}

const rejected = (value: Buffer | null, now = NOW): Rejection => {
  const decoded = decodeListen(value, now)
  assert.ok(!decoded.ok, 'the record was accepted')
  return decoded
}

interface Case {
  when: string
  reason: Reason
  field: string | null
  value: Buffer | null
  says?: RegExp
}

const hourAhead = NOW / 1000 + 3600

const CASES: Case[] = [
  { when: 'the value is null', reason: 'tombstone', field: null, value: null },
  {
    when: 'the value has a byte more than 1 MiB',
    reason: 'record_too_large',
    field: null,
    value: Buffer.alloc(MAX_VALUE_BYTES + 1, ' '),
    says: /1048577/,
  },
  {
    when: 'a text holds a byte that is not UTF-8',
    reason: 'not_utf8',
    field: null,
    value: Buffer.from(EXAMPLE.replace('Joji', 'Bj\xf6rk'), 'latin1'),
  },
  {
    when: 'half a surrogate pair was written as bytes',
    reason: 'not_utf8',
    field: null,
    value: Buffer.from(EXAMPLE.replace('Joji', '\xed\xa0\x80'), 'latin1'),
  },
  {
    when: 'the value is compressed',
    reason: 'not_utf8',
    field: null,
    value: Buffer.from([0x1f, 0x8b, 0x08]),
    says: /gzip/,
  },
  {
    when: 'the value is empty',
    reason: 'not_json',
    field: null,
    value: Buffer.alloc(0),
    says: /empty/,
  },
  { when: 'the value is cut off', reason: 'not_json', field: null, value: Buffer.from(EXAMPLE.slice(0, -1)) },
  {
    when: 'the value begins as a schema registry writes it',
    reason: 'not_json',
    field: null,
    value: Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from(EXAMPLE)]),
    says: /schema registry/,
  },
  {
    when: 'the value begins with a byte order mark',
    reason: 'not_json',
    field: null,
    value: Buffer.from(`\ufeff${EXAMPLE}`),
    says: /byte order mark/,
  },
  { when: 'a text holds a raw NUL', reason: 'not_json', field: null, value: withText('Joji', 'Jo\0ji') },
  {
    when: 'a number is written as NaN',
    reason: 'not_json',
    field: null,
    value: withText('"listen_position":183', '"listen_position":NaN'),
  },
  {
    when: 'the value is an array',
    reason: 'not_an_object',
    field: null,
    value: Buffer.from(`[${EXAMPLE}]`),
    says: /array/,
  },
  { when: 'the value is null in JSON', reason: 'not_an_object', field: null, value: Buffer.from('null') },
  { when: 'the value is a JSON text', reason: 'not_an_object', field: null, value: Buffer.from('"listen"') },
  { when: 'user_id is missing', reason: 'missing_field', field: 'user_id', value: without('user_id') },
  {
    when: 'several fields are missing',
    reason: 'missing_field',
    field: 'genre',
    value: without('mood', 'genre', 'platform'),
  },
  { when: 'location is missing', reason: 'missing_field', field: 'location', value: without('location') },
  {
    when: 'the city is missing',
    reason: 'missing_field',
    field: 'location.city',
    value: withFields({ location: { country: 'Japan' } }),
  },
  {
    when: 'the location is an array',
    reason: 'wrong_type',
    field: 'location',
    value: withFields({ location: ['Osaka', 'Japan'] }),
    says: /an object.*an array/,
  },
  {
    when: 'a number came as text',
    reason: 'wrong_type',
    field: 'timestamp',
    value: withFields({ timestamp: '1764000000' }),
    says: /a number.*a string/,
  },
  {
    when: 'a number came as true',
    reason: 'wrong_type',
    field: 'listen_position',
    value: withFields({ listen_position: true }),
    says: /boolean/,
  },
  {
    when: 'a required field is null',
    reason: 'wrong_type',
    field: 'title',
    value: withFields({ title: null }),
    says: /null/,
  },
  {
    when: 'completed came as 1',
    reason: 'wrong_type',
    field: 'completed',
    value: withFields({ completed: 1 }),
  },
  {
    when: 'a rating came as text',
    reason: 'wrong_type',
    field: 'rating',
    value: withFields({ rating: '4' }),
    says: /a number or null/,
  },
  { when: 'a title is empty', reason: 'empty_field', field: 'title', value: withFields({ title: '' }) },
  {
    when: 'a country is empty',
    reason: 'empty_field',
    field: 'location.country',
    value: withFields({ location: { city: 'Osaka', country: '' } }),
  },
  {
    when: 'a title is one character too long',
    reason: 'too_long',
    field: 'title',
    value: withFields({ title: 'a'.repeat(MAX_LENGTH.title + 1) }),
    says: /500.*501/,
  },
  {
    when: 'a text holds an escaped NUL',
    reason: 'nul_character',
    field: 'artist',
    value: withText('Joji', 'Jo\\u0000ji'),
  },
  {
    when: 'a text holds half of an escaped surrogate pair',
    reason: 'unpaired_surrogate',
    field: 'artist',
    value: withText('Joji', 'Jo\\ud83dji'),
  },
  {
    when: 'a city holds the halves of a surrogate pair in the wrong order',
    reason: 'unpaired_surrogate',
    field: 'location.city',
    value: withText('Osaka', '\\udfb5\\ud83c'),
  },
  {
    when: 'a number is too large for a double',
    reason: 'not_finite',
    field: 'duration_seconds',
    value: withText('"duration_seconds":212', '"duration_seconds":1e999'),
  },
  {
    when: 'a rating is too large for a double',
    reason: 'not_finite',
    field: 'rating',
    value: withText('"rating":4', '"rating":1e999'),
  },
  {
    when: 'the position is negative',
    reason: 'negative_number',
    field: 'listen_position',
    value: withFields({ listen_position: -1 }),
  },
  {
    when: 'the duration is negative',
    reason: 'negative_number',
    field: 'duration_seconds',
    value: withFields({ duration_seconds: -0.5 }),
  },
  {
    when: 'the duration is zero',
    reason: 'out_of_range',
    field: 'duration_seconds',
    value: withFields({ duration_seconds: 0, listen_position: 0 }),
  },
  {
    when: 'the duration is longer than 24 hours',
    reason: 'out_of_range',
    field: 'duration_seconds',
    value: withFields({ duration_seconds: 86_400.5 }),
    says: /at most 86400 seconds \(24 hours\), but it is 86400\.5\. It looks like milliseconds/,
  },
  {
    when: 'the duration of a song is in milliseconds',
    reason: 'out_of_range',
    field: 'duration_seconds',
    value: withFields({ duration_seconds: 212_000, listen_position: 100_000 }),
    says: /but it is 212000\. It looks like milliseconds; seconds are expected\.$/,
  },
  {
    when: 'the duration is the largest number',
    reason: 'out_of_range',
    field: 'duration_seconds',
    value: withFields({ duration_seconds: Number.MAX_VALUE, listen_position: Number.MAX_VALUE }),
    says: /but it is 1\.7976931348623157e\+308\.$/,
  },
  {
    when: 'the position is beyond 24 hours',
    reason: 'out_of_range',
    field: 'listen_position',
    value: withFields({ listen_position: 3_000_000_000 }),
    says: /at most 86400 seconds \(24 hours\), but it is 3000000000\.$/,
  },
  {
    when: 'a rating is above 5',
    reason: 'out_of_range',
    field: 'rating',
    value: withFields({ rating: 5.5 }),
    says: /0 to 5/,
  },
  {
    when: 'a rating is below 0',
    reason: 'out_of_range',
    field: 'rating',
    value: withFields({ rating: -0.5 }),
  },
  {
    when: 'a rating is not a half',
    reason: 'out_of_range',
    field: 'rating',
    value: withFields({ rating: 3.7 }),
    says: /steps of 0\.5/,
  },
  {
    when: 'a rating is a hair beside a half',
    reason: 'out_of_range',
    field: 'rating',
    value: withFields({ rating: 3.500000000001 }),
  },
  {
    when: 'the position is past the end',
    reason: 'position_past_duration',
    field: 'listen_position',
    value: withFields({ listen_position: 212.5 }),
    says: /212.*212\.5/,
  },
  {
    when: 'the timestamp is a second before 2002',
    reason: 'timestamp_too_early',
    field: 'timestamp',
    value: withFields({ timestamp: EARLIEST_TIMESTAMP - 1 }),
  },
  {
    when: 'the timestamp is negative',
    reason: 'timestamp_too_early',
    field: 'timestamp',
    value: withFields({ timestamp: -1_764_000_000 }),
  },
  {
    when: 'the timestamp is over an hour ahead',
    reason: 'timestamp_too_late',
    field: 'timestamp',
    value: withFields({ timestamp: hourAhead + 1 }),
    says: /future: \d+\.$/,
  },
  {
    when: 'the timestamp is in milliseconds',
    reason: 'timestamp_too_late',
    field: 'timestamp',
    value: withFields({ timestamp: 1_764_000_000_000 }),
    says: /milliseconds/,
  },
]

describe('a record that is no listen', () => {
  for (const { when, reason, field, value, says } of CASES)
    it(`dead-letters as ${reason} when ${when}`, () => {
      const found = rejected(value)
      assert.deepEqual({ reason: found.reason, field: found.field }, { reason, field })
      assert.match(found.message, /^[^\n]{1,160}\.$/)
      if (says) assert.match(found.message, says)
    })

  it('has a case here for every reason of the closed set', () => {
    assert.deepEqual(new Set(CASES.map(({ reason }) => reason)), new Set(REASON_CODES))
  })

  it('is never quoted in the message', () => {
    const hostile = '<script>\u202e\n'
    for (const field of [...Object.keys(ListenSchema.properties), 'unknown']) {
      const value = { ...example(), [field]: [hostile] }
      const decoded = decodeListen(Buffer.from(JSON.stringify(value)), NOW)
      if (!decoded.ok) assert.doesNotMatch(decoded.message, /script|\n|\u202e/)
    }
    assert.doesNotMatch(rejected(Buffer.from(hostile)).message, /script/)
    assert.doesNotMatch(rejected(withFields({ title: hostile.repeat(500) })).message, /script/)
  })

  it('keeps the message short when a number is long', () => {
    assert.ok(rejected(withFields({ timestamp: Number.MAX_VALUE })).message.length < 160)
  })
})

describe('the reason that is given when there are several', () => {
  const order: [string, Reason, string, Buffer][] = [
    [
      'missing before type',
      'missing_field',
      'mood',
      withFields({ user_id: 1, mood: undefined, rating: 'x' }),
    ],
    ['type before bounds', 'wrong_type', 'mood', withFields({ user_id: '', mood: 5 })],
    ['bounds in the order of the schema', 'empty_field', 'genre', withFields({ genre: '', mood: '' })],
    [
      'bounds before contradictions',
      'timestamp_too_early',
      'timestamp',
      withFields({ timestamp: 0, listen_position: 999 }),
    ],
    [
      'a nested field in the place of its object',
      'empty_field',
      'location.city',
      withFields({ mood: '', location: { city: '', country: '' } }),
    ],
  ]
  for (const [what, reason, field, value] of order)
    it(what, () => {
      const found = rejected(value)
      assert.deepEqual({ reason: found.reason, field: found.field }, { reason, field })
    })

  it('does not depend on the order in which the producer wrote the fields', () => {
    const broken = { ...example(), genre: 7, title: '', mood: 'm'.repeat(101), rating: 9 }
    const reversed = Object.fromEntries(Object.entries(broken).reverse())
    const [one, other] = [broken, reversed].map((value) => rejected(Buffer.from(JSON.stringify(value))))
    assert.deepEqual(one, other)
  })
})

describe('a listen', () => {
  it('is read from the record of an existing producer', () => {
    assert.deepEqual(accepted(Buffer.from(EXAMPLE)), decoded())
  })

  it('needs no e-mail, track id, rating, completed or is_skipped', () => {
    const listen = accepted(without('email', 'track_id', 'rating', 'completed', 'is_skipped'))
    const { email, track_id, rating, completed, is_skipped } = listen
    assert.deepEqual(
      { email, track_id, rating, completed, is_skipped },
      { email: '', track_id: '', rating: null, completed: true, is_skipped: false },
    )
  })

  it('may have a rating of null, and an e-mail and track id that are empty', () => {
    const listen = accepted(withFields({ rating: null, email: '', track_id: '' }))
    assert.deepEqual([listen.rating, listen.email, listen.track_id], [null, '', ''])
  })

  it('may have every half star, and the zero', () => {
    for (let rating = 0; rating <= 5; rating += 0.5)
      assert.equal(accepted(withFields({ rating })).rating, rating)
  })

  it('is completed from 80 % on, unless the producer says otherwise', () => {
    const at = (listen_position: number, word?: boolean) =>
      accepted(withFields({ duration_seconds: 200, listen_position, completed: word, is_skipped: undefined }))
        .completed
    assert.deepEqual([at(0), at(159.9), at(160), at(200)], [false, false, true, true])
    assert.deepEqual([at(10, true), at(200, false)], [true, false])
  })

  it('is skipped when it is not completed, unless the producer says otherwise', () => {
    const skipped = (completed: boolean | undefined, is_skipped?: boolean) =>
      accepted(withFields({ listen_position: 20, completed, is_skipped })).is_skipped
    assert.deepEqual([skipped(undefined), skipped(true), skipped(false)], [true, false, true])
    assert.deepEqual([skipped(true, true), skipped(false, false)], [true, false])
  })

  it('drops what the schema does not know, also inside the location', () => {
    const location = { city: 'Osaka', country: 'Japan', latitude: 34.7 }
    assert.deepEqual(accepted(withFields({ playlist: 'Smithereens', location })), decoded())
  })

  it('ignores a forbidden character in what it drops', () => {
    assert.deepEqual(accepted(withText('{"user_id"', '{"playlist":"\\u0000\\ud800","user_id"')), decoded())
  })

  it('handles keys with a special meaning in JavaScript', () => {
    const value = withText(
      '{"user_id"',
      '{"__proto__":{"rating":1,"polluted":true},"constructor":{"prototype":1},"toString":null,"user_id"',
    )
    const listen = accepted(value)
    assert.deepEqual(listen, decoded())
    assert.equal(Object.getPrototypeOf(listen), Object.prototype)
    assert.equal('polluted' in {}, false)
  })

  it('does not take a field from __proto__', () => {
    const value = Buffer.from(`{"__proto__":${EXAMPLE}}`)
    assert.deepEqual([rejected(value).reason, rejected(value).field], ['missing_field', 'user_id'])
  })

  it('may be written with escapes, as Python does with everything that is not ASCII', () => {
    const listen = accepted(withText('Joji', 'Bj\\u00f6rk \\ud83c\\udfb5'))
    assert.equal(listen.artist, 'Björk 🎵')
  })

  it('has no negative zero', () => {
    const listen = accepted(withText('"listen_position":183', '"listen_position":-0'))
    assert.ok(Object.is(listen.listen_position, 0))
    assert.ok(Object.is(accepted(withText('"rating":4', '"rating":-0')).rating, 0))
  })

  it('may be 1 MiB large', () => {
    const padded = EXAMPLE.replace('{', `{${' '.repeat(MAX_VALUE_BYTES - EXAMPLE.length)}`)
    const value = Buffer.from(padded)
    assert.equal(value.length, 1_048_576)
    assert.deepEqual(accepted(value), decoded())
  })

  it('may begin at the start of 2002, or in an hour', () => {
    for (const timestamp of [EARLIEST_TIMESTAMP, hourAhead, 1_764_000_000.25])
      assert.equal(accepted(withFields({ timestamp })).timestamp, timestamp)
  })

  it('may end exactly with the track', () => {
    assert.equal(accepted(withFields({ listen_position: 212 })).listen_position, 212)
  })

  for (const [field, limit] of Object.entries(MAX_LENGTH)) {
    const place = (text: string) =>
      field === 'city' || field === 'country'
        ? withFields({ location: { city: 'Osaka', country: 'Japan', [field]: text } })
        : withFields({ [field]: text })

    it(`may have a ${field} of ${limit} characters, and not one more`, () => {
      // A character outside the basic plane is two code units and still one character.
      for (const character of ['a', '🎵']) {
        accepted(place(character.repeat(limit)))
        const { reason, message } = rejected(place(character.repeat(limit + 1)))
        assert.equal(reason, 'too_long')
        assert.ok(message.endsWith(`it has ${limit + 1}.`), message)
      }
    })
  }

  it('is nothing that nesting could overflow a stack with', () => {
    const depth = 500_000
    assert.equal(rejected(Buffer.from('['.repeat(depth) + ']'.repeat(depth))).reason, 'not_an_object')
    assert.equal(rejected(Buffer.from('['.repeat(depth))).reason, 'not_json')
    const nested = '[]'.padStart(depth, '[').padEnd(2 * depth - 2, ']')
    assert.deepEqual(accepted(withText('{"user_id"', `{"extra":${nested},"user_id"`)), decoded())
  })
})

describe('the second look', () => {
  it('finds a reason for whatever the schema refuses', () => {
    const schema = Compile(ListenSchema)
    const odd = [null, true, 0, -1, 7.3, 1e300, '', 'x', 'y'.repeat(600), '\0', '\ud800', [], {}, undefined]
    let refused = 0
    for (const name of [...Object.keys(ListenSchema.properties), 'city', 'country'])
      for (const value of odd) {
        const changes =
          name === 'city' || name === 'country'
            ? { location: { city: 'Osaka', country: 'Japan', [name]: value } }
            : { [name]: value }
        const bytes = withFields(changes)
        const decoded = decodeListen(bytes, NOW)
        if (schema.Check(JSON.parse(bytes.toString()))) continue
        refused++
        assert.ok(!decoded.ok)
        // The answer of last resort names no field.
        assert.ok(decoded.field?.includes(name), `${name}: ${decoded.message}`)
      }
    assert.ok(refused > 100)
  })
})
