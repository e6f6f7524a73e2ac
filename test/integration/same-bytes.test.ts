import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { event } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TEXT = JSON.stringify(event({ name: 'Núria', listen_position: 105, timestamp: 1_700_000_000 }))

/** Bytes that a careless reader would judge in one way from the API and in another from the topic. */
const BYTES: Record<string, Buffer> = {
  'UTF-8': Buffer.from(TEXT),
  'Latin-1': Buffer.from(TEXT, 'latin1'),
  'UTF-16': Buffer.from(TEXT, 'utf16le'),
  'a byte order mark': Buffer.from(`\ufeff${TEXT}`),
  'half of a surrogate pair': Buffer.from(TEXT.replace('Núria', '\\udc00')),
  'an encoded surrogate': Buffer.from(TEXT.replace('Núria', 'N\u00c3\u00c3'), 'latin1'),
  'a NUL character': Buffer.from(TEXT.replace('Núria', 'N\\u0000')),
  'an infinite length': Buffer.from(TEXT.replace(':212', ':1e309')),
  'an infinite negative position': Buffer.from(TEXT.replace(':105', ':-1e309')),
  'a number with many digits': Buffer.from(TEXT.replace(':212', `:212.${'0'.repeat(5_000)}1`)),
  '__proto__ beside the fields': Buffer.from(TEXT.replace('{', '{"__proto__":{"title":"x"},')),
  '__proto__ instead of a field': Buffer.from(TEXT.replace('"mood"', '"__proto__"')),
  'constructor.prototype': Buffer.from(TEXT.replace('{', '{"constructor":{"prototype":{}},')),
  'a field twice, first right': Buffer.from(TEXT.replace(/}$/, ',"genre":false}')),
  'a field twice, last right': Buffer.from(TEXT.replace('{', '{"genre":false,')),
  'deep nesting': Buffer.from(TEXT.replace('{', `{"deep":${'[{"a":'.repeat(5_000)}1${'}]'.repeat(5_000)},`)),
  'an array': Buffer.from(`[${TEXT}]`),
  'an array for a place': Buffer.from(TEXT.replace(/{"city"[^}]*}/, '["Osaka","Japan"]')),
  'null for an id': Buffer.from(TEXT.replace(/"user_id":"[^"]*"/, '"user_id":null')),
  'a number for a text': Buffer.from(TEXT.replace('"Alt Pop"', '12')),
  'a text for an answer': Buffer.from(TEXT.replace('"completed":true', '"completed":"true"')),
  'a comment': Buffer.from(TEXT.replace('{', '{/* */')),
  'two events': Buffer.from(TEXT + TEXT),
  'JSON that is no object': Buffer.from('"listen"'),
  nothing: Buffer.alloc(0),
}

describe('the API and the topic', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  const post = async (body: Buffer) => {
    const answer = await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
    })
    const { error } = (await answer.json()) as { error?: { code: string; message: string; field?: string } }
    return { status: answer.status, error }
  }
  const get = async (query: string) =>
    (await (await fetch(`${playhead.url}/api/dead-letters?limit=1000&${query}`)).json()) as DeadLettersAnswer

  it('judge the same bytes alike', async () => {
    const places = await sendRecords(
      workspace.broker.address,
      Object.values(BYTES).map((value) => ({ key: null, value, partition: 0 })),
    )
    const [marker] = await sendRecords(workspace.broker.address, [
      { key: null, value: Buffer.from('{'), partition: 0 },
    ])
    const letters = await until('the last record is a dead letter', async () => {
      const { dead_letters } = await get('partition=0')
      return dead_letters.some(({ offset }) => offset === marker?.offset) ? dead_letters : undefined
    })
    let accepted = 0
    for (const [index, [what, bytes]] of Object.entries(BYTES).entries()) {
      const letter = letters.find(({ offset }) => offset === places[index]?.offset)
      const { status, error } = await post(bytes)
      assert.equal(status, letter === undefined ? 201 : 400, what)
      assert.deepEqual(
        [error?.code, error?.field ?? null, error?.message],
        letter === undefined ? [undefined, null, undefined] : [letter.reason, letter.field, letter.message],
        what,
      )
      if (letter === undefined) accepted += 1
    }
    assert.equal(accepted, 6)
    await until(
      'what both accepted is stored',
      async () => (await playhead.totals()).listens === 2 * accepted,
    )
  })
})
