/** The pages of Playhead, each with a separate address. */
export const PLACES = ['live', 'insights', 'song', 'artist', 'pipeline', 'data'] as const

export type Place = (typeof PLACES)[number]

export const PATH: Record<Place, string> = {
  live: '/',
  insights: '/insights',
  song: '/song',
  artist: '/artist',
  pipeline: '/pipeline',
  data: '/data',
}

/** The page at a path; null where there is none. */
export function placeAt(pathname: string): Place | null {
  return PLACES.find((place) => PATH[place] === pathname) ?? null
}
