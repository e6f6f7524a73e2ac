import '../charts/ranked.css'
import '../insights/insights.css'
import { About } from '../insights/About.tsx'
import { Directory } from '../insights/Directory.tsx'
import { useChosen } from '../insights/use-chosen.ts'
import { aboutNothing } from '../view/view-state.ts'

const LISTS = [
  ['song', 'Songs'],
  ['user', 'Listeners'],
  ['city', 'Cities'],
] as const

/** One artist: what of theirs is heard, by whom, where, and how far. Without one, all of them. */
export function ArtistPage() {
  const state = useChosen()
  const { view, chosen } = state
  const [artist] = view.filters.artist ?? []
  if (artist === undefined) return <Directory by="artist" title="Artists" />
  return (
    <About
      state={state}
      name={artist}
      average={{ ...chosen, filters: aboutNothing(view).filters }}
      about={['artist']}
      lists={LISTS}
      heading={
        <>
          <h1 className="page-title">{artist}</h1>
          <p>Artist</p>
        </>
      }
    />
  )
}
