import { stderr } from 'node:process'

const REDRAW_MS = 1_000

function elapsed(since) {
  const seconds = Math.round((Date.now() - since) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/**
 * Runs a step and shows its name and how long it takes: redrawn in place on a terminal, one line at the start and one
 * at the end elsewhere. It writes to stderr, because stdout belongs to the command (an export, say).
 * @param {string} label what is being done, such as "Installing packages"
 * @param {(note: (detail: string) => void) => Promise<T>} work told how to show a detail such as a count
 * @returns {Promise<T>}
 * @template T
 */
export async function step(label, work) {
  const since = Date.now()
  let detail = ''
  const line = () => `${label} … ${detail === '' ? '' : `${detail}, `}${elapsed(since)}`
  const draw = () => stderr.write(`\r\u001B[2K${line()}`)
  if (!stderr.isTTY) stderr.write(`${label} …\n`)
  const timer = stderr.isTTY ? setInterval(draw, REDRAW_MS) : undefined
  if (stderr.isTTY) draw()
  let ended = ', failed'
  try {
    const result = await work((text) => {
      detail = text
      if (stderr.isTTY) draw()
    })
    ended = ''
    return result
  } finally {
    clearInterval(timer)
    stderr.write(`${stderr.isTTY ? '\r\u001B[2K' : ''}${line()}${ended}\n`)
  }
}
