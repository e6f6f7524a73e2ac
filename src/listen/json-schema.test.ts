import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { BAD } from '../../test/support/bad-values.ts'
import { event } from '../../test/support/event.ts'
import { createRandom } from '../simulator/random.ts'
import { decodeListen, MAX_VALUE_BYTES } from './decode.ts'
import { BEYOND_JSON_SCHEMA, listenJsonSchemaDocument } from './json-schema.ts'
import type { Reason } from './reason.ts'

// A number is what JSON says it is, so that the schema itself is asked and not what this validator adds to it.
const accepts = new Ajv2020({ strictNumbers: false }).compile(listenJsonSchemaDocument())
const beyond = Object.keys(BEYOND_JSON_SCHEMA)
const NOTHING = Symbol('no JSON')

function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '')
  } catch {
    return NOTHING
  }
}

/** One of both says yes: then both do, except for what the schema cannot say. */
function agree(value: Buffer): void {
  const decoded = decodeListen(value, Date.now())
  const accepted = accepts(parsed(value))
  const shown = value.toString().slice(0, 400)
  if (decoded.ok) assert.ok(accepted, `refused by the schema alone: ${shown}`)
  else if (accepted)
    assert.ok(beyond.includes(decoded.reason), `refused as ${decoded.reason} alone: ${shown}`)
}

const LONE = '\ud800'
const TEXTS = ['', 'x', ' ', '\0', `a${LONE}b`, '日本 🎵', 'e\u0301'.repeat(50), '👨‍👩‍👧‍👦'.repeat(15)]
const LENGTHS = [1, 99, 100, 101, 128, 129, 200, 201, 320, 321, 500, 501]
const NUMBERS = [0, -0, -1, 0.5, 0.25, 4.5000000001, 5, 5.5, 183, 212, 213, 1e300, 5e-324, 1_009_843_199.9]
const OVERLONG = 'x'.repeat(MAX_VALUE_BYTES)
const ODD = [null, true, false, [], {}, ['x'], { city: 'x' }, { country: 'x' }, { city: 'x', country: '' }]

describe('the JSON Schema of a listen', () => {
  it('is the one that is published', async () => {
    const file = new URL('../../docs/listen.schema.json', import.meta.url)
    assert.deepEqual(
      JSON.parse(await readFile(file, 'utf8')),
      listenJsonSchemaDocument(),
      'docs/listen.schema.json is not up to date: node scripts/asyncapi.ts writes it',
    )
  })

  for (const [reason, value] of Object.entries(BAD) as [Reason, Buffer | null][])
    if (beyond.includes(reason))
      it(`cannot say ${reason}: ${BEYOND_JSON_SCHEMA[reason]}`, () => {
        const given = reason === 'record_too_large' ? { ...event(), other: OVERLONG } : parsed(value)
        // What is no JSON is given to no schema at all.
        if (given !== NOTHING) assert.ok(accepts(given))
      })
    else it(`refuses values refused for ${reason}`, () => assert.ok(!accepts(parsed(value))))

  it('agrees with the decoder on valid listens, for any field values', () => {
    const random = createRandom(20_261_123, 'fields of a listen')
    const fields = [...Object.keys(event()), 'location.city', 'location.country', '__proto__', 'other']
    const values = [
      ...TEXTS,
      ...LENGTHS.map((length) => '🎵'.repeat(length)),
      ...NUMBERS,
      ...ODD,
      ...[Math.floor(Date.now() / 1000), 1_009_843_200, 4_102_444_800],
      undefined,
    ]
    for (let turn = 0; turn < 20_000; turn++) {
      const made: Record<string, unknown> = { ...event(), location: { city: 'Osaka', country: 'Japan' } }
      for (let changes = random.below(3); changes >= 0; changes--) {
        const [name = '', inner] = random.pick(fields).split('.')
        const value = random.pick(values)
        const held = made[name]
        if (inner !== undefined && typeof held === 'object') made[name] = { ...held, [inner]: value }
        else
          Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true })
      }
      agree(Buffer.from(JSON.stringify(made).replaceAll('1e+300', random.chance(0.5) ? '1e999' : '1e300')))
    }
  })

  it('agrees with the decoder on values that are not objects', () => {
    for (const text of ['null', '1', '"x"', '[]', 'true', '{}']) agree(Buffer.from(text))
  })
})
