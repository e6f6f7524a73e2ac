import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { Icon } from '../ui/Icon.tsx'
import type { PaletteProps } from './Palette.tsx'

/** Opens the search from every page: its button, and Ctrl+K or Cmd+K. */
export function CommandPalette() {
  const [open, setOpen] = useState(false)
  const [Palette, setPalette] = useState<ComponentType<PaletteProps>>()

  // The palette loads after the page is drawn. If that fails, the next opening tries again.
  const load = useCallback(() => {
    import('./Palette.tsx').then(
      (loaded) => setPalette(() => loaded.Palette),
      () => setOpen(false),
    )
  }, [])
  const show = useCallback(() => {
    setOpen(true)
    load()
  }, [load])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      show()
    }
    load()
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [load, show])

  return (
    <>
      <button
        type="button"
        className="btn palette-button"
        title="Search songs, artists, places and actions"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={show}
      >
        <Icon name="search" size={16} />
        <span className="palette-word">Search</span>
        <span className="palette-key" aria-hidden="true">
          Ctrl K
        </span>
      </button>
      {Palette && <Palette open={open} onClose={() => setOpen(false)} />}
    </>
  )
}
