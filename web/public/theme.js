// Runs before the first paint, so that a dark page never flashes light. A file of its own because the content
// security policy allows no inline script. src/theme/theme.ts owns the choice from then on (same key, same rule).
;(() => {
  let choice = null
  try {
    choice = localStorage.getItem('playhead-theme')
  } catch {
    // Storage may be denied; then the system decides.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light'
})()
