import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text as textOf } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import type { Done } from '../../src/api/dead-letter-actions.ts'
import type { ApiError } from '../../src/api/error.ts'
import type { DeadLetter, DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { event } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { type RunningPlayhead, spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('bodies', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start({ SIMULATOR_RATE: '0' })
  })
  after(() => workspace.close())

  const list = async () =>
    ((await (await fetch(`${playhead.url}/api/dead-letters`)).json()) as DeadLettersAnswer).dead_letters

  /** Sends an event with a bad field. @returns its dead letter */
  async function refused(fields: Record<string, unknown>): Promise<DeadLetter> {
    const value = Buffer.from(JSON.stringify({ ...event(), ...fields }))
    const [place] = await sendRecords(workspace.broker.address, [{ key: null, value }])
    return await until('it is a dead letter', async () =>
      (await list()).find(
        ({ partition, offset }) => partition === place?.partition && offset === place.offset,
      ),
    )
  }

  async function post(path: string, body: unknown) {
    const answer = await fetch(playhead.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Done & Partial<ApiError> }
  }

  async function redriveByCommand(id: string, set: string) {
    const child = spawnPlayhead(['dlq', 'redrive', '--id', id, '--set', set, '--url', playhead.url], {})
    assert.ok(child.stdout !== null && child.stderr !== null)
    const [out, err, [code]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, 'exit'),
    ])
    return { text: out + err, code }
  }

  const stored = async (user: string) =>
    await until('it is stored', async () => (await playhead.listens(`user=${user}`)).listens[0])

  it('give a dead letter values of each type', async () => {
    const fields = { title: 7, duration_seconds: '200', completed: 'no', rating: 'none', location: 'Osaka' }
    const { id } = await refused({ user_id: 'typed', ...fields })
    const set = { title: '7', duration_seconds: 200.25, completed: false, rating: null }
    const places = { 'location.city': 'Osaka', 'location.country': 'Japan' }
    assert.equal(
      (await post('/api/dead-letters/redrive', { ids: [id], set: { ...set, ...places } })).body.done,
      1,
    )
    const { title, duration_seconds, completed, rating, location } = await stored('typed')
    assert.deepEqual({ title, duration_seconds, completed, rating }, set)
    assert.deepEqual(location, { city: 'Osaka', country: 'Japan' })
  })

  for (const [user, bad, set, value] of [
    ['number', { duration_seconds: '200' }, 'duration_seconds=200', 200],
    ['boolean', { is_skipped: 'x' }, 'is_skipped=true', true],
    ['null', { rating: '?' }, 'rating=null', null],
    ['digits', { title: 1999 }, 'title=1999', '1999'],
    ['word', { genre: false }, 'genre=false', 'false'],
  ] as const)
    it(`give a dead letter a ${user} from the command line`, async () => {
      const { id } = await refused({ user_id: user, ...bad })
      const run = await redriveByCommand(id, set)
      assert.equal(run.code, 0, run.text)
      const [field = ''] = Object.keys(bad)
      assert.equal((await stored(user))[field as 'title'], value)
    })

  it('are parsed on the command line by the type of the field', async () => {
    const { id } = await refused({ user_id: 'wrong', duration_seconds: '200' })
    const run = await redriveByCommand(id, 'duration_seconds=long')
    assert.equal(run.code, 1)
    assert.match(run.text, /duration_seconds must be a number, but it is "long"/)
  })

  it('are judged without conversion', async () => {
    const { id } = await refused({ user_id: 'strict', mood: '' })
    const redrive = '/api/dead-letters/redrive'
    const drop = '/api/dead-letters/drop'
    const bad: [string, unknown, string | undefined][] = [
      [drop, { ids: [id], dry_run: null }, 'dry_run'],
      [drop, { ids: [id], dry_run: 'true' }, 'dry_run'],
      [drop, { ids: [id], dry_run: 1 }, 'dry_run'],
      [drop, { ids: id }, 'ids'],
      [drop, { ids: [null] }, 'ids'],
      [drop, { reason: 'empty_field' }, 'reason'],
      [drop, { reason: ['empty_field'], limit: '5' }, 'limit'],
      [drop, { reason: ['empty_field'], partition: false }, 'partition'],
      [drop, { status: ['gone'] }, 'status'],
      [drop, [], undefined],
      [drop, null, undefined],
      [redrive, { ids: [id], set: { genre: false } }, 'genre'],
      [redrive, { ids: [id], set: { mood: null } }, 'mood'],
      [redrive, { ids: [id], set: { mood: 5 } }, 'mood'],
      [redrive, { ids: [id], set: { rating: '4' } }, 'rating'],
      [redrive, { ids: [id], set: { completed: 'true' } }, 'completed'],
      [redrive, { ids: [id], set: { 'location.city': 1 } }, 'location.city'],
      [redrive, { ids: [id], set: {} }, 'set'],
      [redrive, { ids: [id], set: { singer: 'x' } }, 'singer'],
      ['/api/simulator', { paused: 'true' }, 'paused'],
      ['/api/simulator', { rate: '5' }, 'rate'],
      ['/api/simulator', { rate: null }, 'rate'],
      ['/api/catalogue', { title: 5, artist: 'A', genre: 'G' }, 'title'],
      ['/api/catalogue', { title: 'T', artist: null, genre: 'G' }, 'artist'],
      ['/api/catalogue', { title: 'T', artist: 'A' }, 'genre'],
    ]
    for (const [path, body, field] of bad) {
      const answer = await post(path, body)
      const { error } = answer.body
      const what = `${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`
      assert.deepEqual([answer.status, error?.code, error?.field], [400, 'invalid_parameter', field], what)
      assert.match(error?.message ?? '', /^[^{}]+\.$/, what)
    }
    assert.equal((await list()).find((letter) => letter.id === id)?.status, 'waiting')
    const trial = await post(drop, { ids: [id], dry_run: true })
    assert.deepEqual(
      [trial.body.done, (await list()).find((letter) => letter.id === id)?.status],
      [1, 'waiting'],
    )
  })

  it('must be UTF-8 and JSON', async () => {
    const song = Buffer.from('{"title":"Zo\u00e9","artist":"A","genre":"G"}', 'latin1')
    for (const [body, code] of [
      [song, 'not_utf8'],
      [Buffer.from('{"title":'), 'not_json'],
      [Buffer.alloc(0), 'not_json'],
      [Buffer.from('{"title":"T","artist":"A","genre":"G","__proto__":{}}'), 'invalid_parameter'],
    ] as const)
      assert.equal((await post('/api/catalogue', body)).body.error?.code, code)
  })
})
