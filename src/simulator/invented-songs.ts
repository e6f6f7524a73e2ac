import { faker } from '@faker-js/faker/locale/en'
import type { Song } from '../catalogue/song.ts'
import { trackId } from '../listen/name-based-id.ts'
import { createLottery } from './lottery.ts'
import { createRandom } from './random.ts'

const SONGS_AN_ARTIST = 12

/**
 * Invents songs for a catalogue with a long tail. A larger catalogue does not begin with the songs of
 * a smaller one, because the number of artists depends on its size.
 * @param count number of distinct songs
 * @param genres genres of the songs, the first ones more often
 */
export function inventSongs(seed: number, count: number, genres: readonly string[]): Song[] {
  const random = createRandom(seed, 'songs')
  faker.seed(random.below(2 ** 31))
  const genreOf = createLottery(genres, (_, rank) => 1 / (rank + 5))
  const artists = Array.from({ length: Math.ceil(count / SONGS_AN_ARTIST) }, (_, index) => ({
    name: artistName(index, random.below(3)),
    genre: genreOf.draw(random),
  }))
  // Some artists have many songs and most have few.
  const artistOf = createLottery(artists, (_, rank) => 1 / (rank + 20))
  const songs = new Map<string, Song>()
  while (songs.size < count) {
    const { name, genre } = artistOf.draw(random)
    // Artists sometimes change genre.
    const song = {
      title: title(random.below(4)),
      artist: name,
      genre: random.chance(0.9) ? genre : genreOf.draw(random),
    }
    songs.set(trackId(song.title, song.artist), song)
  }
  return [...songs.values()]
}

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
const adjective = () => capital(faker.word.adjective())
const noun = () => capital(faker.word.noun())

function title(form: number): string {
  if (form === 0) return `${adjective()} ${noun()}`
  if (form === 1) return `${noun()} in ${faker.location.city()}`
  if (form === 2) return `${capital(faker.word.verb())} the ${noun()}`
  return `${noun()} & ${noun()}`
}

/** The first artists have distinct names; among thousands, two may share one. */
function artistName(index: number, form: number): string {
  if (form === 0) return `The ${adjective()} ${capital(faker.animal.type())}s`
  if (form === 1) return faker.person.fullName()
  return `${noun()} ${index % 7 === 0 ? 'Collective' : noun()}`
}
