import { useEffect, useState } from 'react'

const SERIES = 8

/**
 * The colours of a chart in the current theme, resolved because a canvas knows no CSS variables.
 */
export interface Palette {
  /** Colours of categories, ordered so that neighbours differ clearly. */
  series: readonly string[]
  /** Colour of the group "Other". */
  other: string
  /** From little to much. */
  heat: readonly string[]
  text: string
  muted: string
  line: string
  surface: string
  good: string
  bad: string
  font: string
}

function readPalette(): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--ph-${name})`
    return getComputedStyle(probe).color
  }
  const palette = {
    series: Array.from({ length: SERIES }, (_, index) => colour(`series-${index + 1}`)),
    other: colour('series-other'),
    heat: [0, 1, 2, 3, 4].map((step) => colour(`heat-${step}`)),
    text: colour('text'),
    muted: colour('muted'),
    line: colour('line'),
    surface: colour('surface'),
    good: colour('chart-good'),
    bad: colour('chart-bad'),
    font: getComputedStyle(document.body).fontFamily,
  }
  probe.remove()
  return palette
}

/** The palette; read again when the theme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette)
  useEffect(() => {
    const observer = new MutationObserver(() => setPalette(readPalette()))
    observer.observe(document.documentElement, { attributeFilter: ['data-bs-theme'] })
    return () => observer.disconnect()
  }, [])
  return palette
}
