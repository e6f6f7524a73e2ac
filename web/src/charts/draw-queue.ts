const waiting: (() => void)[] = []

function next(): void {
  waiting.shift()?.()
  if (waiting.length > 0) requestAnimationFrame(next)
}

/**
 * Schedules a draw in a separate frame: answers arrive together, and drawing all charts at once
 * would block the page.
 * @returns cancels it
 */
export function drawSoon(draw: () => void): () => void {
  waiting.push(draw)
  if (waiting.length === 1) requestAnimationFrame(next)
  return () => {
    const at = waiting.indexOf(draw)
    // The first one keeps its place, because the requested frame belongs to it.
    if (at > 0) waiting.splice(at, 1)
    else if (at === 0) waiting[0] = () => {}
  }
}
