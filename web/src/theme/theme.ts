import { useEffect, useState } from 'react'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

// public/theme.js reads the same key before the first paint.
const KEY = 'playhead-theme'
const systemDark = matchMedia('(prefers-color-scheme: dark)')

function stored(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function apply(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'auto' && systemDark.matches)
  document.documentElement.dataset['bsTheme'] = dark ? 'dark' : 'light'
}

/** The chosen theme; `auto` follows the system, also while the page is open. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored)
  useEffect(() => {
    apply(theme)
    try {
      localStorage.setItem(KEY, theme)
    } catch {
      // Storage may be denied: the choice then lasts as long as the page.
    }
    if (theme !== 'auto') return
    const follow = () => apply('auto')
    systemDark.addEventListener('change', follow)
    return () => systemDark.removeEventListener('change', follow)
  }, [theme])
  return [theme, setTheme]
}
