import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { DAY, listensOf, MONDAY, recordsOf, shareOf } from '../../test/support/crowd.ts'
import { offsetAt } from '../calendar/clock.ts'
import { initialCatalogue } from '../catalogue/initial.ts'
import type { Listen } from '../listen/listen.ts'
import { createListeners, isMember } from './listener.ts'
import { energyOfGenre, energyOfMood } from './mood.ts'

// Two weeks of the everyday crowd. All figures are exact for the seed.
const all = await listensOf({ days: 14, rate: 0.25 })
const { songs, ...choices } = await initialCatalogue()
const artists = [...new Set(songs.map(({ artist }) => artist))]
const people = new Map(
  createListeners(1, 1_000, { ...choices, artists }).map((person) => [person.id, person]),
)
const personOf = ({ user_id }: Listen) => {
  const person = people.get(user_id)
  assert.ok(person !== undefined)
  return person
}
const left = ({ listen_position, duration_seconds }: Listen) => listen_position < duration_seconds
const leftWithin = (seconds: number) => (listen: Listen) => left(listen) && listen.listen_position <= seconds
/** The listener's local time, as if it were UTC. */
const wall = (listen: Listen) => {
  const at = listen.timestamp * 1000
  return new Date(at + offsetAt(at, personOf(listen).zone))
}
const isWeekend = (listen: Listen) => wall(listen).getUTCDay() % 6 === 0
const byUser = Map.groupBy(all, ({ user_id }) => user_id)

function within(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual}, expected ${expected} ± ${tolerance}`,
  )
}

describe('how the everyday crowd leaves tracks (Lamere, 2014)', () => {
  it('is within one percentage point of what was published', () => {
    assert.ok(all.length > 300_000, `${all.length} plays`)
    within(shareOf(all, leftWithin(5)), 0.241, 0.01, 'left within 5 s')
    within(shareOf(all, leftWithin(10)), 0.29, 0.01, 'left within 10 s')
    within(shareOf(all, leftWithin(30)), 0.351, 0.01, 'left within 30 s')
    within(shareOf(all, left), 0.486, 0.01, 'left before the end')
  })

  it('is so for other seeds, larger crowds and large catalogues, too', async () => {
    const { inventSongs } = await import('./invented-songs.ts')
    const invented = inventSongs(1, 5_000, choices.genres)
    for (const asked of [{ seed: 2 }, { seed: 3, listeners: 4_000 }, { seed: 4, songs: () => invented }]) {
      const plays = await listensOf({ days: 7, rate: 0.25, ...asked })
      within(shareOf(plays, leftWithin(5)), 0.241, 0.01, 'left within 5 s')
      within(shareOf(plays, leftWithin(30)), 0.351, 0.01, 'left within 30 s')
      within(shareOf(plays, left), 0.486, 0.01, 'left before the end')
    }
  })

  it('slows to between 0.2 and 0.5 % a second after 20 seconds, and to less when half of a song is over', () => {
    const leaving = new Array<number>(421).fill(0)
    const listening = new Array<number>(422).fill(0)
    for (const listen of all) {
      const { listen_position: position } = listen
      if (left(listen)) leaving[position] = (leaving[position] ?? 0) + 1
      // Who left in a second was still there when it began; who heard the end was there in every second before.
      listening[position] = (listening[position] ?? 0) + 1
    }
    for (let second = 420; second >= 0; second--)
      listening[second] = (listening[second] ?? 0) + (listening[second + 1] ?? 0)
    const hazard = (second: number) => (leaving[second] ?? 0) / (listening[second] ?? 1)
    for (let second = 21; second <= 60; second++) {
      const percent = 100 * hazard(second)
      assert.ok(percent >= 0.2 && percent <= 0.5, `${percent} % leave in second ${second}`)
    }
    assert.ok(hazard(2) > 0.05 && hazard(8) < 0.02 && hazard(150) < 0.002)
  })

  it('is more common among the young, least in their thirties, and rises again after', () => {
    const rate = (group: string) => {
      const theirs = all.filter((listen) => personOf(listen).ageGroup.name === group)
      return shareOf(theirs, left)
    }
    const [teens, twenties, thirties, forties] = ['teens', 'twenties', 'thirties', 'forties'].map(rate)
    assert.ok((teens ?? 0) > 0.5, `${teens}`)
    assert.ok((teens ?? 0) > (twenties ?? 1) && (twenties ?? 0) > (forties ?? 1))
    assert.ok((thirties ?? 1) < (forties ?? 0) && (thirties ?? 0) < 0.42, `${thirties} ${forties}`)
  })

  it('is more common at weekends, where people live', () => {
    const [weekend, workdays] = [all.filter(isWeekend), all.filter((listen) => !isWeekend(listen))]
    assert.ok(shareOf(weekend, left) > 0.5)
    assert.ok(shareOf(weekend, left) > shareOf(workdays, left) + 0.03)
  })

  it('is more common on the phone than at the desk', () => {
    const rate = (device: string) =>
      shareOf(
        all.filter((listen) => personOf(listen).device.name === device),
        left,
      )
    assert.ok(rate('phone') > rate('desktop') + 0.06)
  })

  it('follows taste and mood', () => {
    const {
      artist = [],
      genre = [],
      other = [],
    } = Object.groupBy(all, (listen) => {
      const person = personOf(listen)
      if (person.artists.includes(listen.artist)) return 'artist'
      return person.genres.includes(listen.genre) ? 'genre' : 'other'
    })
    assert.ok(shareOf(artist, left) < shareOf(genre, left) - 0.02)
    assert.ok(shareOf(genre, left) < shareOf(other, left) - 0.05)
    const distance = ({ genre, mood }: Listen) => Math.abs(energyOfGenre(genre) - energyOfMood(mood))
    const fitting = other.filter((listen) => distance(listen) < 0.1)
    const jarring = other.filter((listen) => distance(listen) > 0.6)
    assert.ok(shareOf(fitting, left) < shareOf(jarring, left) - 0.02)
  })

  it('comes in streaks: a skip makes another more likely', () => {
    const after = { skip: [] as Listen[], finish: [] as Listen[] }
    for (const plays of byUser.values())
      for (const [index, play] of plays.entries()) {
        const before = plays[index - 1]
        if (before !== undefined) after[left(before) ? 'skip' : 'finish'].push(play)
      }
    assert.ok(shareOf(after.skip, left) > shareOf(after.finish, left) + 0.1)
  })
})

describe('how a song is left (Donier, 2020)', () => {
  const popular = [...Map.groupBy(all, ({ track_id }) => track_id).values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, 20)

  /** When those who leave after the first seconds do so, as shares of five seconds each. */
  const profile = (plays: readonly Listen[]) => {
    const late = plays.filter((play) => left(play) && play.listen_position > 10)
    const bins = new Array<number>(12).fill(0)
    for (const { listen_position } of late) {
      const bin = Math.min(11, Math.floor((listen_position - 10) / 5))
      bins[bin] = (bins[bin] ?? 0) + 1 / late.length
    }
    return bins
  }
  const apart = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, share, bin) => sum + Math.abs(share - (b[bin] ?? 0)), 0)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

  /** How far the profiles of one song lie apart under two circumstances, and those of two songs. */
  const distances = (when: (play: Listen) => boolean) => {
    const one = popular.map((plays) => profile(plays.filter(when)))
    const other = popular.map((plays) => profile(plays.filter((play) => !when(play))))
    const own = mean(one.map((bins, song) => apart(bins, other[song] ?? [])))
    const others = mean(
      one.flatMap((bins, song) =>
        other.filter((_, another) => another !== song).map((its) => apart(bins, its)),
      ),
    )
    return { own, others }
  }

  it('is its own, and the same at all times', () => {
    const { own, others } = distances(({ timestamp }) => timestamp * 1000 < MONDAY + 7 * DAY)
    assert.ok(own < others / 2, `${own} between two halves, ${others} between two songs`)
  })

  it('is the same everywhere', () => {
    const { own, others } = distances(({ location }) => /^[A-M]/.test(location.country))
    assert.ok(own < others / 2, `${own} between places, ${others} between two songs`)
  })

  it('has moments at which many leave at once', () => {
    for (const plays of popular.slice(0, 5)) {
      const late = plays.filter((play) => left(play) && play.listen_position > 60)
      const length = (plays[0]?.duration_seconds ?? 0) - 61
      const seconds = Map.groupBy(late, ({ listen_position }) => listen_position)
      const most = Math.max(...[...seconds.values()].map((its) => its.length))
      assert.ok(most > (3 * late.length) / length, `${most} of ${late.length} in ${length} seconds`)
    }
  })
})

describe('sessions (Brost et al., 2019)', () => {
  const sessions = [...byUser.values()].flatMap((plays) => {
    const found: Listen[][] = []
    for (const [index, play] of plays.entries()) {
      const before = plays[index - 1]
      const gap =
        before === undefined
          ? Number.POSITIVE_INFINITY
          : play.timestamp - before.timestamp - before.listen_position
      if (gap > 20 * 60) found.push([])
      found.at(-1)?.push(play)
    }
    return found
  })

  it('have mostly 10 to 20 tracks', () => {
    assert.ok(sessions.length > 15_000)
    assert.ok(shareOf(sessions, ({ length }) => length >= 10 && length <= 20) > 0.7)
  })

  it('are of one person on one platform, one track at a time', () => {
    for (const plays of sessions) {
      assert.equal(new Set(plays.map(({ platform }) => platform)).size, 1)
      for (const [index, play] of plays.entries()) {
        const before = plays[index - 1]
        // Timestamps are whole seconds.
        if (before !== undefined) assert.ok(play.timestamp + 1 >= before.timestamp + before.listen_position)
      }
    }
  })

  it('are begun again only after a rest', () => {
    assert.ok(byUser.size > 700)
    const lengths = sessions.map(({ length }) => length)
    assert.ok(Math.max(...lengths) <= 40, 'two sessions would look like one')
  })

  it('drift in mood, to one that is near', () => {
    let turns = 0
    for (const plays of sessions)
      for (const [index, { mood }] of plays.entries()) {
        const before = plays[index - 1]?.mood ?? mood
        if (before === mood) continue
        turns++
        const moods = personOf(plays[index] as Listen).moods
        assert.equal(Math.abs(moods.indexOf(mood) - moods.indexOf(before)), 1)
      }
    within(turns / (all.length - sessions.length), 0.04, 0.02, 'turns a track')
  })

  it('repeat a track now and then, and hardly ever a skipped one', () => {
    const repeated = sessions.flatMap((plays) =>
      plays.filter((play, index) => plays[index + 1]?.track_id === play.track_id),
    )
    const share = repeated.length / all.length
    assert.ok(share > 0.004 && share < 0.05, `${share} of all tracks are repeated`)
    assert.ok(shareOf(repeated, left) < 0.45)
  })
})

describe('the rhythm of the crowd', () => {
  const hours = (plays: readonly Listen[], hourOf: (play: Listen) => number) => {
    const counts = new Array<number>(24).fill(0)
    for (const play of plays) counts[hourOf(play)] = (counts[hourOf(play)] ?? 0) + 1
    return counts
  }
  const busiest = (counts: readonly number[]) => counts.indexOf(Math.max(...counts))

  it('follows the listener’s local time', () => {
    const local = hours(all, (play) => wall(play).getUTCHours())
    assert.ok(busiest(local) >= 16 && busiest(local) <= 21, `busiest at ${busiest(local)}`)
    assert.ok((local[18] ?? 0) > 5 * (local[3] ?? 0))
    const utcIn = (country: string) =>
      hours(
        all.filter(({ location }) => location.country === country),
        ({ timestamp }) => Math.floor(timestamp / 3600) % 24,
      )
    // Nine hours ahead of UTC the evening is the UTC morning.
    const [japan, kingdom] = [busiest(utcIn('Japan')), busiest(utcIn('United Kingdom'))]
    assert.ok(japan >= 7 && japan <= 13, `Japan is busiest at ${japan} UTC`)
    assert.ok(kingdom >= 15 && kingdom <= 22, `the United Kingdom is busiest at ${kingdom} UTC`)
  })

  it('begins later at weekends', () => {
    const share = (plays: readonly Listen[]) =>
      shareOf(plays, (play) => [6, 7, 8].includes(wall(play).getUTCHours()))
    assert.ok(share(all.filter(isWeekend)) < 0.6 * share(all.filter((play) => !isWeekend(play))))
  })

  it('makes the past rise and fall, at the requested rate over a week', () => {
    const week = all.filter(({ timestamp }) => timestamp * 1000 < MONDAY + 7 * DAY)
    within(week.length / (7 * 86_400), 0.25, 0.005, 'events a second')
    const utc = hours(week, ({ timestamp }) => Math.floor(timestamp / 3600) % 24)
    assert.ok(Math.max(...utc) > 1.3 * Math.min(...utc))
  })
})

describe('the people of the crowd', () => {
  it('join and leave', async () => {
    const active = (plays: readonly Listen[]) => new Set(plays.map(({ user_id }) => user_id))
    const [winter, summer] = [
      active(all),
      active(await listensOf({ days: 7, rate: 0.25, from: MONDAY + 180 * DAY })),
    ]
    const gone = [...winter].filter((id) => !summer.has(id)).length / winter.size
    const come = [...summer].filter((id) => !winter.has(id)).length / summer.size
    assert.ok(gone > 0.1 && gone < 0.6, `${gone} have left`)
    assert.ok(come > 0.1 && come < 0.6, `${come} have joined`)
  })

  it('play only while they are members', () => {
    // A session that began before midnight is not cut short.
    const hours = 6 * 3_600_000
    for (const play of all) {
      const [person, at] = [personOf(play), play.timestamp * 1000]
      assert.ok(isMember(person, at) || isMember(person, at - hours))
    }
  })

  it('play much or little', () => {
    const counts = [...byUser.values()].map(({ length }) => length).sort((a, b) => b - a)
    const top = counts.slice(0, counts.length / 5).reduce((sum, count) => sum + count, 0)
    assert.ok(top > 0.3 * all.length, `a fifth plays ${top} of ${all.length}`)
  })

  it('play what they like: favourite genres and artists more than others do', () => {
    const liked = shareOf(all, (play) => personOf(play).genres.includes(play.genre))
    // Three of 34 genres each would be the share without taste.
    assert.ok(liked > 0.2, `${liked}`)
  })
})

describe('the same seed', () => {
  it('plays the same events on every machine and in every version', async () => {
    const records = await recordsOf({ days: 1, seed: 7, listeners: 200 })
    const digest = createHash('sha256')
    for (const { key, value } of records) digest.update(key).update(value ?? '')
    assert.equal(digest.digest('hex'), 'c2f48298eec2723a3e8cfbd817d8b5fe949b64638a1566eddc17cf17f3f62159')
  })

  it('plays others than another seed', async () => {
    const [one, other] = [await recordsOf({ days: 0.1, seed: 7 }), await recordsOf({ days: 0.1, seed: 8 })]
    assert.notEqual(one[0]?.value?.toString(), other[0]?.value?.toString())
  })
})
