import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text as textOf } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import type { DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { event } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { type RunningPlayhead, spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the dead letters of the API', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  const notUtf8 = Buffer.from([0x7b, 0xff, 0x7d])
  const ask = async (query: string) =>
    (await (await fetch(`${playhead.url}/api/dead-letters?${query}`)).json()) as DeadLettersAnswer

  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    await sendRecords(workspace.broker.address, [
      { key: Buffer.from('a'), value: Buffer.from('{'), headers: new Map([['trace', Buffer.from('42')]]) },
      { key: Buffer.from('b'), value: notUtf8 },
      { key: Buffer.from('c'), value: Buffer.from(JSON.stringify(event({ artist: '' }))) },
    ])
    await until('three dead letters', async () => (await ask('')).dead_letters.length === 3)
  })
  after(() => workspace.close())

  it('are listed with counts by reason, filtered, and in pages that neither repeat nor miss one', async () => {
    const all = await ask('')
    assert.deepEqual(
      all.reasons.map(({ reason, count }) => [reason, count]),
      [
        ['empty_field', 1],
        ['not_json', 1],
        ['not_utf8', 1],
      ],
    )
    const paged: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: DeadLettersAnswer = await ask(`limit=1${next === '' ? '' : `&cursor=${next}`}`)
      paged.push(...page.dead_letters.map(({ id }) => id))
      next = page.next
    }
    assert.deepEqual(
      paged,
      all.dead_letters.map(({ id }) => id),
    )
    const [empty, ...others] = (await ask('reason=empty_field')).dead_letters
    assert.equal(empty?.field, 'artist')
    assert.equal(others.length, 0)
    assert.equal((await ask('to=2020-01-01')).dead_letters.length, 0)
    assert.equal((await fetch(`${playhead.url}/api/dead-letters?cursor=x`)).status, 400)
  })

  it('are listed and shown by `playhead dlq`, and terminal control characters are escaped', async () => {
    const clearing = Buffer.from('{\u001b[2J')
    await sendRecords(workspace.broker.address, [{ key: Buffer.from('d'), value: clearing }])
    await until('the new one', async () => (await ask('reason=not_json')).dead_letters.length === 2)
    const run = async (...args: string[]) => {
      const child = spawnPlayhead(['dlq', ...args, '--url', playhead.url], {})
      assert.ok(child.stdout !== null)
      const [out, [code]] = await Promise.all([textOf(child.stdout), once(child, 'exit')])
      return { out, code }
    }
    const { out, code } = await run('list', '--reason', 'not_json', '--limit', '1', '--json')
    assert.equal(code, 0)
    const { id, reason } = JSON.parse(out) as { id: string; reason: string }
    assert.equal(reason, 'not_json')
    const shown = await run('show', '--id', id)
    assert.equal(shown.code, 0)
    assert.match(shown.out, /\{\\u001b\[2J/)
    assert.equal((await run('show', '--id', 'no-such')).code, 1)
  })

  it('show the original bytes, as text only if they are UTF-8', async () => {
    const show = async (reason: string) => {
      const letter = (await ask(`reason=${reason}`)).dead_letters.at(-1)
      const answer = await fetch(`${playhead.url}/api/dead-letters/${letter?.id}`)
      return ((await answer.json()) as { record: unknown }).record
    }
    const headers = [{ name: 'trace', base64: Buffer.from('42').toString('base64') }]
    assert.deepEqual(await show('not_json'), { text: '{', base64: 'ew==', headers })
    assert.deepEqual(await show('not_utf8'), { text: null, base64: notUtf8.toString('base64'), headers: [] })
    assert.equal((await fetch(`${playhead.url}/api/dead-letters/no-such`)).status, 404)
  })
})
