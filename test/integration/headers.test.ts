import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Done } from '../../src/api/dead-letter-actions.ts'
import type { FetchedRecord } from '../../src/kafka/fetched-record.ts'
import { ONCE_HEADER, REDRIVEN_FROM_HEADER } from '../../src/kafka/once.ts'
import type { OutgoingRecord } from '../../src/kafka/producer.ts'
import { DEAD_LETTER_HEADERS } from '../../src/pipeline/dead-letter.ts'
import type { DeadLetter, DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { record } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const TEXT_KEYS = [
  'a',
  'a\0',
  '\0',
  'tab\tnew\nline',
  `quotes'"\\`,
  'é',
  'e\u0301',
  '\ufffd',
  '日本 🎵',
  '[1]',
  'null',
]

/** Keys that differ only in bytes; many of them are not text. */
const KEYS = [
  ...Array.from({ length: 256 }, (_, byte) => Buffer.from([0x6b, 0, byte])),
  ...Array.from({ length: 64 }, (_, byte) => Buffer.from([0xf0, 0x9f, 0x8e, 0x80 | byte])),
  ...TEXT_KEYS.map((text) => Buffer.from(text)),
  Buffer.from('playhead.bytes:ff'),
  Buffer.from([0xff]),
]

/**
 * Headers that a careless copy would lose: a repeated name, no value, an empty value, bytes, and
 * Playhead's names.
 */
const HEADERS: [string, Buffer | null][] = [
  ['trace', Buffer.from('1')],
  [DEAD_LETTER_HEADERS.reason, Buffer.from('a reason of the sender')],
  [DEAD_LETTER_HEADERS.tombstone, Buffer.from('true')],
  ['nothing', null],
  ['trace', Buffer.from([0xff, 0xfe, 0])],
  ['empty', Buffer.alloc(0)],
  [ONCE_HEADER, null],
  [REDRIVEN_FROM_HEADER, Buffer.from('elsewhere')],
  ['trace', Buffer.from('1')],
]

const shown = ({ headers }: FetchedRecord) =>
  headers.map(([name, value]) => [name?.toString(), value?.toString('hex') ?? null])
const EXPECTED = HEADERS.map(([name, value]) => [name, value?.toString('hex') ?? null])

describe('headers', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  it('with once keys are compared as bytes', async () => {
    const records = KEYS.map(
      (key, index): OutgoingRecord => ({
        ...record({ user_id: `user ${index % 50}`, title: `Title ${index}` }),
        headers: [[ONCE_HEADER, key]],
      }),
    )
    const places = await sendRecords(workspace.broker.address, [...records, ...records])
    assert.equal(
      new Set(places.map(({ partition, offset }) => `${partition}/${offset}`)).size,
      2 * KEYS.length,
    )
    await until('the repeats are dropped', async () =>
      (await (await fetch(`${playhead.url}/metrics`)).text()).includes(
        `playhead_records_dropped_total{reason="repeated"} ${KEYS.length}\n`,
      ),
    )
    const { listens } = await playhead.listens('limit=1000')
    assert.deepEqual(
      listens.map(({ title }) => title).sort(),
      KEYS.map((_, index) => `Title ${index}`).sort(),
    )
    // The producer knows the place of each record, not only of the first one of a partition.
    for (const { title, partition, offset } of listens) {
      const index = Number(title.slice('Title '.length))
      assert.deepEqual(
        [places[index], places[index + KEYS.length]].filter((place) => place?.offset === offset),
        [{ partition, offset }],
      )
    }
  })

  it('of a record are kept by its dead letter and by each redriven copy', async () => {
    const value = Buffer.from(String(record({ title: 'Sent back' }).value).replace('"Melancholic"', '7'))
    const [place] = await sendRecords(workspace.broker.address, [{ key: null, value, headers: HEADERS }])
    const letter = await until('it is a dead letter', async () => {
      const answer = await fetch(`${playhead.url}/api/dead-letters`)
      return ((await answer.json()) as DeadLettersAnswer).dead_letters[0]
    })
    const [dead] = await readRecords(workspace.broker.address, 'music-streams.dlq', 1)
    assert.ok(dead !== undefined)
    assert.deepEqual(shown(dead).slice(0, HEADERS.length), EXPECTED)
    const last = (name: string) => dead.headers.findLast(([key]) => key?.toString() === name)?.[1]
    assert.equal(String(last(DEAD_LETTER_HEADERS.reason)), 'wrong_type')
    assert.equal(String(last(DEAD_LETTER_HEADERS.field)), 'mood')
    assert.equal(last(DEAD_LETTER_HEADERS.tombstone), null)
    assert.equal(last(DEAD_LETTER_HEADERS.key), undefined)

    const one = (await (
      await fetch(`${playhead.url}/api/dead-letters/${letter.id}`)
    ).json()) as DeadLetter & {
      record: { headers: { name: string; base64: string | null }[] }
    }
    assert.deepEqual(
      one.record.headers,
      HEADERS.map(([name, bytes]) => ({ name, base64: bytes?.toString('base64') ?? null })),
    )

    for (const mood of ['Calm', 'Sad']) {
      const answer = await fetch(`${playhead.url}/api/dead-letters/redrive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ids: [letter.id], set: { mood } }),
      })
      const { done, skipped } = (await answer.json()) as Done
      assert.ok(done === 1 || skipped[0]?.code === 'stored')
    }
    const stored = await until('one copy is stored', async () =>
      (await playhead.listens('title=Sent%20back')).listens.find(({ title }) => title === 'Sent back'),
    )
    const records = await readRecords(workspace.broker.address, 'music-streams', 2 * KEYS.length + 2)
    const copy = records.find(
      ({ partition, offset }) => partition === stored.partition && offset === stored.offset,
    )
    assert.ok(copy !== undefined)
    const source = letter.id.replaceAll('.', '/')
    assert.deepEqual(shown(copy), [
      ...EXPECTED,
      [ONCE_HEADER, Buffer.from(`dlq/${source}`).toString('hex')],
      [REDRIVEN_FROM_HEADER, Buffer.from(source).toString('hex')],
    ])
    assert.equal(place?.partition, copy.partition)
  })
})
