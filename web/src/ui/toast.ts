const SHOWN_MS = 3_000
let timer: ReturnType<typeof setTimeout> | undefined

/** Says in passing that something was done: a line at the bottom of the page that goes by itself. */
export function say(text: string): void {
  const line = document.getElementById('toast')
  if (!line) return
  line.textContent = text
  line.dataset['shown'] = 'true'
  clearTimeout(timer)
  timer = setTimeout(() => {
    delete line.dataset['shown']
    line.textContent = ''
  }, SHOWN_MS)
}
