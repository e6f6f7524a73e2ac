import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text as textOf } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import type { Done } from '../../src/api/dead-letter-actions.ts'
import { ONCE_HEADER, REDRIVEN_FROM_HEADER } from '../../src/kafka/once.ts'
import type { DeadLetter, DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { event } from '../support/event.ts'
import { readRecords, sendRecords } from '../support/kafka.ts'
import { type RunningPlayhead, spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('redriven dead letters', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let sent = 0
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  async function send(key: string | null, ...values: unknown[]): Promise<DeadLetter[]> {
    const before = new Set((await list()).map(({ id }) => id))
    const records = values.map((value) => ({
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      headers: new Map([['trace', Buffer.from('42')]]),
    }))
    sent += records.length
    await sendRecords(workspace.broker.address, records)
    return await until('they are dead letters', async () => {
      const fresh = (await list()).filter(({ id }) => !before.has(id))
      // The list starts with the newest.
      return fresh.length === values.length ? fresh.reverse() : undefined
    })
  }

  async function list(query = ''): Promise<DeadLetter[]> {
    const answer = await fetch(`${playhead.url}/api/dead-letters?limit=1000&${query}`)
    assert.equal(answer.status, 200, await answer.clone().text())
    return ((await answer.json()) as DeadLettersAnswer).dead_letters
  }

  async function post(
    path: 'redrive' | 'drop',
    body: unknown,
  ): Promise<{ status: number; body: Done & { error?: { code: string } } }> {
    const answer = await fetch(`${playhead.url}/api/dead-letters/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Done }
  }

  const statusOf = async (id: string) => (await list()).find((letter) => letter.id === id)?.status
  const titled = async (title: string) =>
    (await playhead.listens('limit=1000')).listens.filter((listen) => listen.title === title)

  it('are fixed and stored once, however often and from however many places they are redriven', async () => {
    const [letter] = await send(
      null,
      event({ title: 'Mended', mood: '', location: { city: '', country: 'Japan' } }),
    )
    const id = letter?.id ?? ''
    assert.equal(letter?.status, 'waiting')
    const set = { mood: 'Happy', 'location.city': 'Kyoto' }
    const both = await Promise.all([post('redrive', { ids: [id], set }), post('redrive', { ids: [id], set })])
    assert.deepEqual(
      both.map(({ body }) => body.done),
      [1, 1],
    )
    await until('it is stored', async () => (await statusOf(id)) === 'stored')
    // A listen that comes later in the same partition shows that both copies have been read.
    const again = await post('redrive', { ids: [id], set })
    assert.deepEqual([again.body.done, again.body.skipped[0]?.code], [0, 'stored'])
    await until('both copies are handled', async () =>
      /playhead_records_dropped_total\{reason="repeated"\} 1$/m.test(
        await (await fetch(`${playhead.url}/metrics`)).text(),
      ),
    )
    const [stored, ...others] = await titled('Mended')
    assert.equal(others.length, 0)
    assert.equal(stored?.mood, 'Happy')
    assert.deepEqual(stored?.location, { city: 'Kyoto', country: 'Japan' })
    // Each copy can be traced and has the headers of the record.
    const copies = (await readRecords(workspace.broker.address, 'music-streams', sent + 2)).filter(
      ({ headers }) => headers.some(([name]) => name?.toString() === REDRIVEN_FROM_HEADER),
    )
    assert.equal(copies.length, 2)
    for (const { headers, partition } of copies) {
      assert.equal(partition, letter?.partition)
      const names = headers.map(([name]) => name?.toString())
      assert.deepEqual(names.sort(), [ONCE_HEADER, REDRIVEN_FROM_HEADER, 'trace'].sort())
    }
    sent += 2
  })

  it('are stored once after a crash that left no mark of them', async () => {
    const [letter] = await send('a', event({ title: 'Unmarked', mood: '' }))
    const [topicId, partition, offset] = letter?.id.split('.') ?? []
    // A redrive sends this before it writes its mark.
    await sendRecords(workspace.broker.address, [
      {
        key: Buffer.from('a'),
        value: Buffer.from(JSON.stringify(event({ title: 'Unmarked' }))),
        headers: new Map([[ONCE_HEADER, Buffer.from(`dlq/${topicId}/${partition}/${offset}`)]]),
      },
    ])
    sent += 1
    await until('it is stored', async () => (await titled('Unmarked')).length === 1)
    assert.equal(await statusOf(letter?.id ?? ''), 'waiting')
    assert.equal((await post('redrive', { ids: [letter?.id], set: { mood: 'Sad' } })).body.done, 1)
    sent += 1
    await until('the mark agrees', async () => (await statusOf(letter?.id ?? '')) === 'stored')
    const [marker] = await send('a', '{')
    assert.ok(marker)
    assert.equal((await titled('Unmarked')).length, 1)
  })

  it('are not sent while they would be refused again, with the reason', async () => {
    const [bad, broken] = await send('b', event({ artist: '', mood: '' }), '{"title":')
    const still = await post('redrive', { ids: [bad?.id], set: { artist: 'Joji' } })
    assert.deepEqual([still.body.done, still.body.skipped[0]?.code], [0, 'still_bad'])
    assert.match(still.body.skipped[0]?.message ?? '', /mood/)
    const unfixable = await post('redrive', { ids: [broken?.id], set: { artist: 'Joji' } })
    assert.equal(unfixable.body.skipped[0]?.code, 'not_fixable')
    assert.equal((await post('redrive', { ids: ['no-such'] })).body.skipped[0]?.code, 'not_found')
    assert.equal((await post('redrive', { ids: [bad?.id], set: { singer: 'Joji' } })).status, 400)
    const nothing = await post('redrive', {})
    assert.deepEqual([nothing.status, nothing.body.error?.code], [400, 'nothing_selected'])
  })

  it('are redriven or dropped by reason from the command line, after a dry run', async () => {
    await send('c', event({ title: 'Bulk 1', platform: '' }), event({ title: 'Bulk 2', platform: '' }))
    const [odd] = await send('c', event({ title: 'Bulk 3', platform: 7 as unknown as string }))
    const run = async (...args: string[]) => {
      const child = spawnPlayhead(['dlq', ...args, '--url', playhead.url], {})
      assert.ok(child.stdout !== null && child.stderr !== null)
      const [out, err, [code]] = await Promise.all([
        textOf(child.stdout),
        textOf(child.stderr),
        once(child, 'exit'),
      ])
      return { out, err, code }
    }
    const selected = [
      '--reason',
      'empty_field',
      '--set',
      '{"platform":"Spotify","mood":"Calm","artist":"Joji"}',
    ]
    const trial = await run('redrive', ...selected, '--dry-run')
    assert.match(trial.err, /would be sent back/)
    assert.equal((await titled('Bulk 1')).length, 0)
    const done = await run('redrive', ...selected)
    assert.equal(done.code, 0, done.out + done.err)
    sent += 2
    await until(
      'both are stored',
      async () => (await titled('Bulk 1')).length + (await titled('Bulk 2')).length === 2,
    )
    assert.deepEqual((await list('status=waiting&reason=empty_field')).length, 0)
    assert.equal((await run('drop', '--id', odd?.id ?? '')).code, 0)
    assert.equal(await statusOf(odd?.id ?? ''), 'dropped')
    assert.ok((await list('status=dropped')).every(({ status }) => status === 'dropped'))
  })

  it('that fail again become new dead letters, and only one copy of the line is stored', async () => {
    const [letter] = await send('d', event({ title: 'Again', genre: '' }))
    const [topicId, partition, offset] = letter?.id.split('.') ?? []
    const onceKey = `dlq/${topicId}/${partition}/${offset}`
    // A copy that another tool sent back unchanged.
    const headers = new Map([[ONCE_HEADER, Buffer.from(onceKey)]])
    const before = new Set((await list()).map(({ id }) => id))
    const value = Buffer.from(JSON.stringify(event({ title: 'Again', genre: '' })))
    await sendRecords(workspace.broker.address, [{ key: Buffer.from('d'), value, headers }])
    const copy = await until('it fails again', async () => (await list()).find(({ id }) => !before.has(id)))
    for (const id of [letter?.id, copy.id]) await post('redrive', { ids: [id], set: { genre: 'Pop' } })
    await until('both are handled', async () => {
      const [one, two] = [await statusOf(letter?.id ?? ''), await statusOf(copy.id)]
      return one === 'stored' && two === 'stored'
    })
    const [marker] = await send('d', '{')
    assert.ok(marker)
    assert.equal((await titled('Again')).length, 1)
  })
})
