const waiting: (() => void)[] = []

function next(): void {
  waiting.shift()?.()
  if (waiting.length > 0) requestAnimationFrame(next)
}

/**
 * Draws in a frame of its own: answers arrive together, and all charts drawn at once would hold the page up.
 * @returns takes it back
 */
export function drawSoon(draw: () => void): () => void {
  waiting.push(draw)
  if (waiting.length === 1) requestAnimationFrame(next)
  return () => {
    const at = waiting.indexOf(draw)
    // The first one keeps its place, because the frame that is asked for is its own.
    if (at > 0) waiting.splice(at, 1)
    else if (at === 0) waiting[0] = () => {}
  }
}
