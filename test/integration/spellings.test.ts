import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Top } from '../../src/questions/top.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const DECOMPOSED = 'Bjo\u0308rk'
/** Each artist with texts that find it. */
const ARTISTS: Record<string, readonly string[]> = {
  [DECOMPOSED]: ['Björk', 'BJÖRK', 'bjork', 'ＢＪＯＲＫ', 'o\u0308rk'],
  'Sigur Rós': ['Sigur Ro\u0301s', 'sigur ros', 'SIGUR  RÓS', 'Sigur\u00a0R'],
  'İstanbul Trio': ['istanbul', 'ISTANBUL', 'ıstanbul trio', 'İstanbul'],
  ΣΊΣΥΦΟΣ: ['σίσυφος', 'Σίσυφοσ', 'σισυφος'],
  Fußgänger: ['FUSSGÄNGER', 'fussganger', 'FUẞG'],
  Ёлка: ['елка', 'ЁЛКА'],
  Trentemøller: ['trentemoller', 'MØLLER'],
  ガールズ: ['ｶﾞｰﾙｽﾞ', 'カ\u3099ールス\u3099'],
  '100% [A-Z]': ['100%', '[a-z]'],
}

describe('spellings', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    const events = Object.keys(ARTISTS).map((artist) => event({ artist, name: `${artist} fan` }))
    await sendRecords(workspace.broker.address, events.map(record))
    await until('all listens', async () => (await playhead.totals()).listens === events.length)
  })
  after(() => workspace.close())

  async function get<Answer>(path: string, params: Record<string, string>): Promise<Answer> {
    const response = await fetch(`${playhead.url}${path}?${new URLSearchParams(params)}`)
    assert.equal(response.status, 200, path)
    return (await response.json()) as Answer
  }
  const topOf = async (params: Record<string, string>) =>
    (await get<Top>('/api/stats/top', params)).values.map(({ value, label }) => ({ value, label }))

  it('of an artist are all found, by whichever is typed', async () => {
    for (const [artist, texts] of Object.entries(ARTISTS))
      for (const search of [artist, ...texts]) {
        const artists = await topOf({ by: 'artist', search })
        assert.deepEqual(artists, [{ value: artist, label: '' }], search)
        const songs = await topOf({ by: 'song', search })
        assert.deepEqual(
          songs.map(({ label }) => label),
          [artist],
          search,
        )
        const listeners = await topOf({ by: 'user', search })
        assert.deepEqual(
          listeners.map(({ label }) => label),
          [`${artist} fan`],
          search,
        )
      }
    for (const search of ['が', 'カ', 'bj rk'])
      assert.deepEqual(await topOf({ by: 'artist', search }), [], search)
  })

  it('of a song are found in the catalogue as they are refused a second time', async () => {
    const add = async (title: string, artist: string) => {
      const response = await fetch(`${playhead.url}/api/catalogue`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title, artist, genre: 'Pop' }),
      })
      return response.status
    }
    assert.equal(await add('Army of Me', DECOMPOSED), 201)
    for (const artist of ['Björk', 'BJÖRK', 'bjo\u0308rk']) {
      assert.equal(await add('ARMY  of me', artist), 409)
      const { songs } = await get<{ songs: { artist: string }[] }>('/api/catalogue', { search: artist })
      assert.ok(
        songs.some((song) => song.artist === DECOMPOSED),
        artist,
      )
    }
  })
})
