import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { initialCatalogue } from '../catalogue/initial.ts'
import type { Song } from '../catalogue/song.ts'
import { decodeListen } from '../listen/decode.ts'
import { encodeListen } from '../listen/encode.ts'
import type { Listen } from '../listen/listen.ts'
import { createListeners } from './listener.ts'
import { PLACES } from './places.ts'
import { createTraffic } from './traffic.ts'

const NOW = 1_764_000_000_500
const catalogue = await initialCatalogue()
const crowd = createListeners(1, 400, catalogue)

const traffic = (seed: number, options: { songs?: () => readonly Song[]; now?: () => number } = {}) =>
  createTraffic({ seed, listeners: crowd, songs: () => catalogue.songs, now: () => NOW, ...options })

const listens = (seed: number, count: number, now = () => NOW): Listen[] => {
  const { next } = traffic(seed, { now })
  return Array.from({ length: count }, next)
}

const shareOf = (all: readonly Listen[], which: (listen: Listen) => boolean) =>
  all.filter(which).length / all.length

describe('simulated traffic', () => {
  it('is the same for the same seed and times', () => {
    const hourly = () => {
      let now = NOW
      return () => {
        now += 3_600_000
        return now
      }
    }
    assert.ok(isDeepStrictEqual(listens(5, 2_000, hourly()), listens(5, 2_000, hourly())))
  })

  it('is another for another seed', () => {
    assert.notDeepEqual(listens(5, 20), listens(6, 20))
  })

  it('leaves one traffic alone when another draws', () => {
    const [one, other] = [traffic(5), traffic(9)]
    const mixed = Array.from({ length: 200 }, () => {
      other.next()
      return one.next()
    })
    assert.deepEqual(mixed, listens(5, 200))
  })

  it('takes the time from the given clock, in whole seconds', () => {
    assert.equal(traffic(1).next().timestamp, 1_764_000_000)
  })

  it('is made of listens that the decoder accepts as they are', () => {
    for (const listen of listens(1, 5_000))
      assert.deepEqual(decodeListen(encodeListen(listen), NOW), { ok: true, listen })
  })

  it('comes from people who keep name, e-mail and home, and so keep their key in Kafka', () => {
    const known = new Map(crowd.map((listener) => [listener.id, listener]))
    for (const { user_id, name, email, location } of listens(1, 5_000)) {
      const listener = known.get(user_id)
      assert.deepEqual(
        { name, email, location },
        {
          name: listener?.name,
          email: listener?.email,
          location: { city: listener?.city, country: listener?.country },
        },
      )
    }
  })

  it('comes from cities in the country they belong to', () => {
    const places = new Map(PLACES.map(({ city, country }) => [city, country]))
    for (const { location } of listens(1, 2_000)) assert.equal(places.get(location.city), location.country)
  })

  it('gives a song the same id and length each time', () => {
    const facts = new Map<string, string>()
    for (const { title, artist, track_id, duration_seconds } of listens(1, 10_000)) {
      const song = `${title} by ${artist}`
      const fact = `${track_id} ${duration_seconds}`
      assert.equal(facts.get(song) ?? fact, fact)
      facts.set(song, fact)
    }
    assert.equal(facts.size, catalogue.songs.length, 'every song was played')
  })

  /** The mean number of tracks that a listener plays in one mood on one platform before either changes. */
  const meanRun = (all: readonly Listen[]) => {
    const runs = [...Map.groupBy(all, ({ user_id }) => user_id).values()].map((its) =>
      its.filter(({ mood, platform }, index) => {
        const before = its[index - 1]
        return before?.mood !== mood || before.platform !== platform
      }),
    )
    return all.length / runs.flat().length
  }

  it('plays several tracks in a row in one mood and on one platform', () => {
    const mean = meanRun(listens(1, 20_000))
    assert.ok(mean > 5 && mean < 12, `${mean} tracks in a row`)
  })

  it('has no listener in two sessions at once', () => {
    // So few people that a second session of the same listener would cut most runs short.
    const { next } = createTraffic({
      seed: 1,
      listeners: crowd.slice(0, 8),
      songs: () => catalogue.songs,
      now: () => NOW,
    })
    const mean = meanRun(Array.from({ length: 20_000 }, next))
    assert.ok(mean > 6, `${mean} tracks in a row`)
  })

  it('reaches every platform, mood and genre', () => {
    const all = listens(1, 10_000)
    assert.deepEqual(new Set(all.map(({ platform }) => platform)), new Set(catalogue.platforms))
    assert.deepEqual(new Set(all.map(({ mood }) => mood)), new Set(catalogue.moods))
    assert.deepEqual(
      new Set(all.map(({ genre }) => genre)),
      new Set(catalogue.songs.map(({ genre }) => genre)),
    )
  })

  it('fails to start without listeners, and to play without songs', () => {
    assert.throws(() => createTraffic({ seed: 1, listeners: [], songs: () => [], now: () => 0 }), RangeError)
    assert.throws(() => traffic(1, { songs: () => [] }).next(), RangeError)
  })

  it('continues with a crowd of one', () => {
    const { next } = createTraffic({
      seed: 1,
      listeners: crowd.slice(0, 1),
      songs: () => catalogue.songs,
      now: () => NOW,
    })
    for (let index = 0; index < 200; index++) assert.equal(next().user_id, crowd[0]?.id)
  })
})

describe('how far simulated people listen', () => {
  const all = listens(3, 40_000)
  const near = (actual: number, expected: number, within: number) =>
    assert.ok(Math.abs(actual - expected) <= within, `${actual}, expected about ${expected}`)

  it('depends on taste', () => {
    const genres = new Map(crowd.map((listener) => [listener.id, listener.genres]))
    const { liked = [], other = [] } = Object.groupBy(all, ({ user_id, genre }) =>
      genres.get(user_id)?.includes(genre) ? 'liked' : 'other',
    )
    const completed = ({ completed }: Listen) => completed
    assert.ok(shareOf(liked, completed) > shareOf(other, completed) + 0.05)
  })

  it('thins out along the track', () => {
    const leaving = all.filter(({ listen_position, duration_seconds }) => listen_position < duration_seconds)
    const between = (from: number, to: number) =>
      leaving.filter(({ listen_position: at, duration_seconds: end }) => at >= end * from && at < end * to)
        .length
    assert.ok(between(0, 0.25) > between(0.25, 0.5))
    assert.ok(between(0.25, 0.5) > between(0.5, 0.75))
    assert.ok(between(0.5, 0.75) > between(0.75, 1) * 0.9)
  })

  it('decides what counts as completed and as skipped', () => {
    for (const { listen_position, duration_seconds, completed, is_skipped } of all) {
      assert.equal(completed, listen_position / duration_seconds >= 0.8)
      assert.equal(is_skipped, !completed)
    }
  })

  it('shows in ratings of half stars, which most people do not give', () => {
    for (const { rating } of all)
      assert.ok(rating === null || (Number.isInteger(rating * 2) && rating >= 0 && rating <= 5))
    near(
      shareOf(all, ({ rating }) => rating === null),
      0.78,
      0.06,
    )
    const mean = (which: (listen: Listen) => boolean) => {
      const stars = all.filter(which).flatMap(({ rating }) => rating ?? [])
      return stars.reduce((sum, star) => sum + star, 0) / stars.length
    }
    assert.ok(mean(({ completed }) => completed) > mean(({ completed }) => !completed) + 1)
    assert.ok(all.some(({ rating }) => rating !== null && !Number.isInteger(rating)))
  })
})

describe('a song that is added to the catalogue while the simulator runs', () => {
  const added: Song = { title: 'Brand New', artist: 'Nobody Yet', genre: 'A Genre Of Its Own' }
  const heardWithin = (next: () => Listen, events: number) => {
    for (let event = 1; event <= events; event++) if (next().title === added.title) return true
    return false
  }

  it('is played soon, although its genre is no listener’s favourite', () => {
    const songs = [...catalogue.songs]
    const { next } = traffic(1, { songs: () => songs })
    assert.equal(heardWithin(next, 2_000), false)
    songs.push(added)
    assert.equal(heardWithin(next, 200), true)
  })

  it('is played, too, when the catalogue is read again into other objects', () => {
    let songs: readonly Song[] = catalogue.songs
    const { next } = traffic(1, { songs: () => songs })
    next()
    songs = [...catalogue.songs.map((song) => ({ ...song })), added]
    assert.equal(heardWithin(next, 200), true)
  })

  it('is played, too, when it took the place of another', () => {
    let songs: readonly Song[] = catalogue.songs
    const { next } = traffic(1, { songs: () => songs })
    next()
    songs = [...catalogue.songs.slice(1), added]
    assert.equal(heardWithin(next, 200), true)
  })

  it('does not drown the others', () => {
    const songs = [...catalogue.songs]
    const { next } = traffic(1, { songs: () => songs })
    next()
    songs.push(added)
    const played = Array.from({ length: 5_000 }, next)
    assert.ok(shareOf(played, ({ title }) => title === added.title) < 0.08)
  })
})
