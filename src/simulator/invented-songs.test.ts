import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listensOf } from '../../test/support/crowd.ts'
import { initialCatalogue } from '../catalogue/initial.ts'
import { trackId } from '../listen/name-based-id.ts'
import { inventSongs } from './invented-songs.ts'

const { genres } = await initialCatalogue()
const songs = inventSongs(1, 50_000, genres)

describe('a catalogue of invented songs', () => {
  it('has the requested number, all different, the same each time', () => {
    assert.equal(songs.length, 50_000)
    assert.equal(new Set(songs.map(({ title, artist }) => trackId(title, artist))).size, 50_000)
    assert.deepEqual(inventSongs(1, 2_000, genres), inventSongs(1, 2_000, genres))
  })

  it('has artists with many songs and artists with few, in genres that are known', () => {
    const counts = [...Map.groupBy(songs, ({ artist }) => artist).values()].map(({ length }) => length)
    assert.ok(counts.length > 2_500 && Math.max(...counts) > 100 && Math.min(...counts) === 1)
    assert.deepEqual(new Set(songs.map(({ genre }) => genre)), new Set(genres))
  })

  it('is played by Zipf’s law, with a long tail', async () => {
    const plays = await listensOf({ days: 2, songs: () => songs, rate: 1.5 })
    const counts = [...Map.groupBy(plays, ({ track_id }) => track_id).values()]
      .map(({ length }) => length)
      .sort((a, b) => b - a)
    const at = (rank: number) => counts[rank - 1] ?? 0
    // Its exponent is 1: ten times the rank, a tenth of the plays.
    const exponent = Math.log10(at(30) / at(3_000)) / 2
    assert.ok(exponent > 0.8 && exponent < 1.2, `exponent ${exponent}`)
    const tail = counts.slice(1_000).reduce((sum, count) => sum + count, 0) / plays.length
    assert.ok(tail > 0.25, `${tail} of the plays are of songs after the thousand greatest hits`)
    assert.ok(counts.length > 20_000, `${counts.length} songs were played`)
  })
})
