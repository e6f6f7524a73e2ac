import '../charts/ranked.css'
import '../insights/insights.css'
import { About } from '../insights/About.tsx'
import { Directory } from '../insights/Directory.tsx'
import { useChosen } from '../insights/use-chosen.ts'
import { Link } from '../ui/Link.tsx'
import { pageUrl } from '../view/urls.ts'
import { aboutNothing } from '../view/view-state.ts'

const LISTS = [
  ['user', 'Listeners'],
  ['city', 'Cities'],
  ['platform', 'Platforms'],
] as const

/** One song: who hears it, where, and how far. Without one, all of them. */
export function SongPage() {
  const state = useChosen()
  const { view, chosen } = state
  const [title] = view.filters.title ?? []
  const [artist] = view.filters.artist ?? []
  if (title === undefined || artist === undefined) return <Directory by="song" title="Songs" />
  const others = aboutNothing(view)
  return (
    <About
      state={state}
      name={title}
      average={{ ...chosen, filters: others.filters }}
      about={['title', 'artist']}
      lists={LISTS}
      heading={
        <>
          <h1 className="page-title">{title}</h1>
          <p>
            Song by{' '}
            <Link href={pageUrl('artist', { ...others, filters: { ...others.filters, artist: [artist] } })}>
              {artist}
            </Link>
          </p>
        </>
      }
    />
  )
}
