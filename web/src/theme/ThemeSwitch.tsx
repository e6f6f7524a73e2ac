import { Icon } from '../ui/Icon.tsx'
import { THEMES, type Theme, useTheme } from './theme.ts'

const ICON = { auto: 'screen', light: 'sun', dark: 'moon' } as const
const NAME: Record<Theme, string> = { auto: 'as the system', light: 'light', dark: 'dark' }

/** One button through three themes: as the system, light, dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useTheme()
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
  return (
    <button
      type="button"
      className="btn btn-ghost-secondary btn-icon"
      aria-label={`Theme: ${NAME[theme]}. Switch to ${NAME[next]}`}
      title={`Theme: ${NAME[theme]}`}
      onClick={() => setTheme(next)}
    >
      <Icon name={ICON[theme]} />
    </button>
  )
}
