import { Icon, type IconName } from '../ui/Icon.tsx'
import { Link } from '../ui/Link.tsx'
import { PLACES, type Place } from '../view/place.ts'
import { pageUrl } from '../view/urls.ts'
import { usePlace, useView } from '../view/use-view.ts'
import { aboutNothing } from '../view/view-state.ts'

export const PLACE_NAME: Record<Place, string> = {
  live: 'Live',
  insights: 'Insights',
  song: 'Songs',
  artist: 'Artists',
  pipeline: 'Pipeline',
  data: 'Data',
}

export const PLACE_ICON: Record<Place, IconName> = {
  live: 'pulse',
  insights: 'chart',
  song: 'music',
  artist: 'person',
  pipeline: 'flow',
  data: 'database',
}

/** The way to every page. What is filtered goes along, except the song or artist that a page is about. */
export function Nav() {
  const here = usePlace()
  const [view] = useView()
  const carried = here === 'song' || here === 'artist' ? aboutNothing(view) : view
  return (
    <nav className="nav-places" aria-label="Pages">
      {PLACES.map((place) => (
        <Link
          key={place}
          href={pageUrl(place, place === 'song' || place === 'artist' ? aboutNothing(carried) : carried)}
          className="nav-place"
          aria-current={place === here ? 'page' : undefined}
        >
          <Icon name={PLACE_ICON[place]} size={18} />
          <span>{PLACE_NAME[place]}</span>
        </Link>
      ))}
    </nav>
  )
}
