import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { initialCatalogue } from '../catalogue/initial.ts'
import { trackId } from '../listen/name-based-id.ts'
import { trackOf } from './track.ts'

const { songs } = await initialCatalogue()

describe('a track', () => {
  it('has the same id and length in every process and every version', () => {
    const { id, duration } = trackOf({ title: 'Glimpse of Us', artist: 'Joji', genre: 'Alt Pop' })
    assert.deepEqual([id, duration], [trackId('Glimpse of Us', 'Joji'), 308])
  })

  it('keeps its length when it is filed under another genre', () => {
    const [one, other] = ['Alt Pop', 'Pop'].map((genre) => trackOf({ title: 'a', artist: 'b', genre }))
    assert.equal(one?.duration, other?.duration)
  })

  it('is from two to seven minutes long, in whole seconds', () => {
    const durations = songs.map((song) => trackOf(song).duration)
    for (const duration of durations)
      assert.ok(Number.isInteger(duration) && duration >= 120 && duration <= 420, `${duration} s`)
    assert.ok(new Set(durations).size > songs.length / 2)
  })

  it('has a distinct appeal, whatever the catalogue', () => {
    const appeals = songs.map((song) => trackOf(song).appeal)
    assert.ok(appeals.every((appeal) => appeal >= 0 && appeal < 1))
    assert.equal(new Set(appeals).size, songs.length)
  })
})
