import { useQuery } from '@tanstack/react-query'
import type { Song } from '../../../src/catalogue/song.ts'
import { fold } from '../../../src/listen/fold.ts'
import { catalogueQuery, topQuery } from '../api/queries.ts'
import type { Option } from '../ui/option.ts'
import { useDebounced } from '../ui/use-debounced.ts'
import type { Draft } from './draft.ts'

const SUGGESTED = 8
const plain = (value: string): Option => ({ value, text: value })
const songKey = (song: Song) => JSON.stringify([song.title, song.artist])

function containing(values: readonly string[], text: string): Option[] {
  const wanted = fold(text).trim()
  return values.filter((value) => fold(value).includes(wanted)).map(plain)
}

/** What the form offers while it is typed into. It works without, too: only then everything has to be typed. */
export function useSuggestions(draft: Draft) {
  const title = useDebounced(draft.title.trim())
  const artist = useDebounced(draft.artist.trim())
  const city = useDebounced(draft.city.trim())
  const country = useDebounced(draft.country.trim())
  const all = useQuery(catalogueQuery('', 1))
  const byTitle = useQuery(catalogueQuery(title, SUGGESTED * 3))
  const byArtist = useQuery(catalogueQuery(artist, SUGGESTED * 3))
  const cities = useQuery(topQuery('city', city, SUGGESTED))
  const countries = useQuery(topQuery('country', country, SUGGESTED))
  const songs = byTitle.data?.songs ?? []
  return {
    titles: songs.map((song) => ({ value: songKey(song), text: song.title, detail: song.artist })),
    songOf: (option: Option) => songs.find((song) => songKey(song) === option.value),
    artists: (byArtist.data?.artists ?? []).slice(0, SUGGESTED * 3).map(plain),
    genres: containing(all.data?.genres ?? [], draft.genre),
    platforms: all.data?.platforms ?? [],
    moods: all.data?.moods ?? [],
    choicesFailed: all.isError,
    cities: (cities.data ?? []).map(({ value }) => plain(value)),
    countries: (countries.data ?? []).map(({ value }) => plain(value)),
  }
}
