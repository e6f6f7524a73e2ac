import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { ThemeSwitch } from '../theme/ThemeSwitch.tsx'
import { HeaderSlot } from '../ui/header-slot.tsx'
import type { Place } from '../view/place.ts'
import { apiDocsUrl } from '../view/urls.ts'
import { usePlace } from '../view/use-view.ts'
import { Brand } from './Brand.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { Nav, PLACE_NAME } from './Nav.tsx'
import { NoPlace } from './NoPlace.tsx'
import { PageBoundary } from './PageBoundary.tsx'
import { PageLoading } from './PageLoading.tsx'
import { StoringNotice } from './StoringNotice.tsx'

// Each page is a separate file that is loaded when it is first shown.
const PAGE: Record<Place, ComponentType> = {
  live: lazy(async () => ({ default: (await import('../pages/LivePage.tsx')).LivePage })),
  insights: lazy(async () => ({ default: (await import('../pages/InsightsPage.tsx')).InsightsPage })),
  song: lazy(async () => ({ default: (await import('../pages/SongPage.tsx')).SongPage })),
  artist: lazy(async () => ({ default: (await import('../pages/ArtistPage.tsx')).ArtistPage })),
  pipeline: lazy(async () => ({ default: (await import('../pages/PipelinePage.tsx')).PipelinePage })),
  data: lazy(async () => ({ default: (await import('../pages/DataPage.tsx')).DataPage })),
}

/** What every page has around it: the header with the way to the others, and the page itself. */
export function Shell() {
  const place = usePlace()
  const [slot, setSlot] = useState<HTMLElement | null>(null)
  const main = useRef<HTMLElement>(null)
  const shownBefore = useRef(place)

  useEffect(() => {
    document.title = place === null || place === 'live' ? 'Playhead' : `${PLACE_NAME[place]} · Playhead`
    if (shownBefore.current === place) return
    // Whoever goes by keyboard or hears the page begins at its top, as with a page that is loaded.
    shownBefore.current = place
    main.current?.focus({ preventScroll: true })
    scrollTo({ top: 0 })
  }, [place])

  const Page = place === null ? NoPlace : PAGE[place]
  return (
    <HeaderSlot value={slot}>
      <div className="shell" data-place={place}>
        <a className="skip-link" href="#main">
          Skip to the page
        </a>
        <header className="page-top">
          <Brand />
          <Nav />
          <div className="page-top-actions">
            <div ref={setSlot} className="page-top-slot" />
            <CommandPalette />
            <a className="btn btn-ghost-secondary page-top-docs" href={apiDocsUrl()}>
              API
            </a>
            <ThemeSwitch />
          </div>
        </header>
        <StoringNotice />
        <main id="main" ref={main} tabIndex={-1} className="page-main">
          <PageBoundary key={place}>
            <Suspense fallback={<PageLoading />}>
              <Page />
            </Suspense>
          </PageBoundary>
        </main>
        <p id="toast" className="toast-line" role="status" />
      </div>
    </HeaderSlot>
  )
}
