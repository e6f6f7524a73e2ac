import { useQuery } from '@tanstack/react-query'
import { fold } from '../../../src/listen/fold.ts'
import type { TopQuery } from '../../../src/questions/top.ts'
import { top } from '../api/questions.ts'
import { goTo } from '../view/address.ts'
import { type Chosen, pageUrl } from '../view/urls.ts'
import { aboutNothing, type View } from '../view/view-state.ts'
import type { Command } from './commands.ts'

const EVERYTHING: Chosen = { filters: {}, range: undefined, zone: undefined }
const FOUND = 5

/** The songs, artists and places whose names have a text in them, the most heard first. */
export function useFound(text: string, view: View): Command[] {
  const search = (by: TopQuery['by']) => ({
    ...top(EVERYTHING, by, 'plays', FOUND, text),
    enabled: text !== '',
    refetchInterval: false as const,
  })
  const songs = useQuery(search('song'))
  const artists = useQuery(search('artist'))
  const cities = useQuery(search('city'))
  const countries = useQuery(search('country'))
  if (text === '') return []
  const about = aboutNothing(view)
  const to = (place: 'song' | 'artist' | 'insights', filters: View['filters']) => () =>
    goTo(pageUrl(place, { ...about, filters: { ...about.filters, ...filters } }))
  const found: Command[] = [
    ...(songs.data?.values ?? []).map(({ value, label }) => ({
      key: `song ${value}\n${label}`,
      name: value,
      kind: `Song by ${label}`,
      run: to('song', { title: [value], artist: [label] }),
    })),
    ...(artists.data?.values ?? []).map(({ value }) => ({
      key: `artist ${value}`,
      name: value,
      kind: 'Artist',
      run: to('artist', { artist: [value] }),
    })),
    ...(cities.data?.values ?? []).map(({ value }) => ({
      key: `city ${value}`,
      name: value,
      kind: 'City',
      run: to('insights', { city: [value] }),
    })),
    ...(countries.data?.values ?? []).map(({ value }) => ({
      key: `country ${value}`,
      name: value,
      kind: 'Country',
      run: to('insights', { country: [value] }),
    })),
  ]
  // Whoever types the beginning of a name means that name.
  const begins = ({ name }: Command) => Number(fold(name).startsWith(fold(text)))
  return found.sort((a, b) => begins(b) - begins(a))
}
