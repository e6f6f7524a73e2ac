import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { followLive } from '../support/live.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the live feed', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  const send = (...titles: string[]) =>
    sendRecords(
      workspace.broker.address,
      titles.map((title) => record({ title })),
    )

  it('sends newly stored listens with all their fields', async () => {
    const reader = await followLive(playhead.url)
    await send('Live One', 'Live Two')
    await until('both', () => reader.listens().length >= 2)
    const titles = reader.listens().map(({ title }) => title)
    assert.deepEqual(new Set(titles), new Set(['Live One', 'Live Two']))
    const [sent] = reader.listens()
    const [stored] = (await playhead.listens(`limit=10`)).listens.filter(({ id }) => id === sent?.id)
    assert.deepEqual(sent, stored)
    reader.close()
  })

  it('filters as the table does', async () => {
    const reader = await followLive(playhead.url, 'genre=Wanted&rating=none')
    const everything = await followLive(playhead.url)
    await sendRecords(workspace.broker.address, [
      record({ genre: 'Wanted', rating: null, title: 'yes' }),
      record({ genre: 'Wanted', rating: 3, title: 'rated' }),
      record({ genre: 'Other', rating: null, title: 'other' }),
    ])
    await until('all three', () => everything.listens().length >= 3)
    await until('the one', () => reader.listens().length >= 1)
    assert.deepEqual(
      reader.listens().map(({ title }) => title),
      ['yes'],
    )
    reader.close()
    everything.close()
  })

  it('filters by the clock of a zone and by percent listened', async () => {
    const query = 'weekday=7&hour=2&zone=Europe%2FBerlin&percent_from=50&percent_to=60'
    const reader = await followLive(playhead.url, query)
    const everything = await followLive(playhead.url)
    const [at, half] = [
      (time: string) => Date.parse(time) / 1000,
      { duration_seconds: 200, listen_position: 100 },
    ]
    // The Sunday on which this hour occurs twice.
    await sendRecords(workspace.broker.address, [
      record({ title: 'the first time', timestamp: at('2026-10-25T00:30:00Z'), ...half }),
      record({ title: 'the second time', timestamp: at('2026-10-25T01:30:00Z'), ...half }),
      record({ title: 'an hour later', timestamp: at('2026-10-25T02:30:00Z'), ...half }),
      record({ title: 'a day later', timestamp: at('2026-10-26T01:30:00Z'), ...half }),
      record({ title: 'further', timestamp: at('2026-10-25T01:30:00Z'), ...half, listen_position: 120 }),
    ])
    await until('all five', () => everything.listens().length >= 5)
    await until('the two', () => reader.listens().length >= 2)
    assert.deepEqual(
      reader.listens().map(({ title }) => title),
      ['the second time', 'the first time'],
    )
    assert.equal((await playhead.totals(query)).listens, 2)
    reader.close()
    everything.close()
  })

  it('sends missed listens to a reader that reconnects with its last id', async () => {
    const reader = await followLive(playhead.url)
    await send('Before the break')
    await until('it', () => reader.listens().length >= 1)
    const lastId = reader.messages.at(-1)?.id ?? ''
    reader.close()

    await send('During the break 1', 'During the break 2')
    await until('stored', async () => (await playhead.totals('')).listens >= 13)
    const back = await followLive(playhead.url, '', lastId)
    await until('what was missed', () => back.listens().length >= 2)
    assert.deepEqual(
      new Set(back.listens().map(({ title }) => title)),
      new Set(['During the break 1', 'During the break 2']),
    )
    back.close()
  })

  it('sends the number of missed listens when they are too many to send', async () => {
    const reader = await followLive(playhead.url)
    await send('Mark')
    await until('it', () => reader.listens().length >= 1)
    const lastId = reader.messages.at(-1)?.id ?? ''
    reader.close()
    const before = (await playhead.totals()).listens
    await send(...Array.from({ length: 2_500 }, (_, n) => `Flood ${n}`))
    await until('stored', async () => (await playhead.totals()).listens === before + 2_500)
    const back = await followLive(playhead.url, '', lastId)
    const gap = await until('the gap', () => back.messages.find(({ event }) => event === 'gap'))
    assert.equal(gap.data.missed, 2_500)
    back.close()
  })

  it('says that a frame is a sample when more listens were stored than it shows', async () => {
    const reader = await followLive(playhead.url)
    await send(...Array.from({ length: 1_500 }, (_, n) => `Crowd ${n}`))
    await until('all are counted', () => {
      const stored = reader.messages.reduce((sum, { data }) => sum + (data.stored ?? 0), 0)
      return stored >= 1_500
    })
    assert.ok(reader.messages.some(({ data }) => data.sampled === true))
    for (const { data } of reader.messages) assert.ok((data.listens?.length ?? 0) <= 200)
    reader.close()
  })

  it('keeps an idle connection open', async () => {
    const reader = await followLive(playhead.url, 'genre=Silence')
    await until('a heartbeat', () => reader.text().includes(': alive'))
    assert.equal(reader.messages.length, 1)
    reader.close()
  })

  it('treats an unknown id as a first visit', async () => {
    for (const id of ['nonsense', Buffer.from('[1,[["x",[1]]]]').toString('base64url'), '0'.repeat(3_000)]) {
      const reader = await followLive(playhead.url, '', id)
      assert.equal(reader.messages[0]?.event, 'hello')
      reader.close()
    }
  })

  it('drops a reader that does not read, without an effect on other readers', async () => {
    const { port, hostname } = new URL(playhead.url)
    const stalled = connect(Number(port), hostname)
    stalled.on('error', () => {})
    stalled.write(`GET /api/live HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
    stalled.pause()
    const reader = await followLive(playhead.url)
    const dropped = async () =>
      /^playhead_live_readers_dropped_total (\d+)$/m.exec(
        await (await fetch(`${playhead.url}/metrics`)).text(),
      )?.[1]
    let round = 0
    await until('the stalled reader is dropped', async () => {
      round += 1
      const title = `Round ${round} ${'x'.repeat(400)}`
      const before = reader.messages.length
      await send(...Array.from({ length: 200 }, () => title))
      await until('the other reader has it', () => reader.messages.length > before)
      return (await dropped()) === '1'
    })
    reader.close()
    stalled.destroy()
  })

  it('ends with the server, without an error', async () => {
    const reader = await followLive(playhead.url)
    assert.equal(await playhead.stop(), 0)
    assert.doesNotMatch(playhead.output(), /Error/)
    reader.close()
  })
})
