import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Top } from '../../src/questions/top.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import { followLive } from '../support/live.ts'
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

/** The spellings of countries, and how often each is sent. */
const COUNTRIES: Record<string, number> = {
  Norway: 3,
  NOR: 2,
  Norge: 1,
  'Kingdom of Norway': 1,
  USA: 5,
  'United States': 4,
  US: 2,
  'Vereinigte Staaten': 1,
  Malta: 2,
  Narnia: 1,
  NARNIA: 1,
}
const place = (country: string) => ({ city: 'Somewhere', country })

describe('spellings', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    const events = [
      ...Object.keys(ARTISTS).map((artist) =>
        event({ artist, name: `${artist} fan`, location: place('Iceland') }),
      ),
      ...Object.entries(COUNTRIES).flatMap(([country, count]) =>
        Array.from({ length: count }, () => event({ artist: 'Somebody', location: place(country) })),
      ),
    ]
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

  it('of a country are one country in tops, by which it is filtered', async () => {
    const { values } = await get<Top>('/api/stats/top', { by: 'country' })
    assert.deepEqual(
      values.map(({ value, code, listens }) => [value, code, listens]),
      [
        ['USA', 'US', 12],
        ['Iceland', 'IS', Object.keys(ARTISTS).length],
        ['Norway', 'NO', 7],
        ['Malta', 'MT', 2],
        ['NARNIA', undefined, 2],
      ],
    )
    for (const search of ['norg', 'KINGDOM', 'nor'])
      assert.deepEqual(await topOf({ by: 'country', search }), [{ value: 'Norway', label: '' }], search)
    assert.equal((await topOf({ by: 'country', limit: '2' })).length, 2)
    for (const { value, listens } of values) {
      const { listens: found } = await get<{ listens: number }>('/api/stats/totals', { country: value })
      assert.equal(found, listens, value)
    }
  })

  it('of a country all find its listens, each with the text that was sent', async () => {
    for (const country of ['Norway', 'NO', 'nor', 'Noreg', 'NORVÈGE', 'Norwegen']) {
      const { listens } = await get<{ listens: { location: { country: string } }[] }>('/api/listens', {
        country,
      })
      assert.deepEqual(
        [...new Set(listens.map(({ location }) => location.country))].toSorted(),
        ['Kingdom of Norway', 'NOR', 'Norge', 'Norway'],
        country,
      )
      const exported = await fetch(`${playhead.url}/api/export?${new URLSearchParams({ country })}`)
      assert.equal(exported.headers.get('x-total-count'), '7', country)
    }
    const { listens } = await get<{ listens: number }>('/api/stats/totals', { country: 'Oz' })
    assert.equal(listens, 0)
  })

  it('of a country all pass the filter of the live feed', async () => {
    const reader = await followLive(playhead.url, 'country=Norwegen')
    const sent = ['Sweden', 'NOR', 'Norway'].map((country) =>
      event({ title: `Live in ${country}`, artist: 'Somebody', location: place(country) }),
    )
    await sendRecords(workspace.broker.address, sent.map(record))
    await until('both listens', () => reader.listens().length === 2)
    reader.close()
    assert.deepEqual(
      reader
        .listens()
        .map(({ location }) => location.country)
        .toSorted(),
      ['NOR', 'Norway'],
    )
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
