import { stderr } from 'node:process'

const REDRAW_MS = 1_000

function elapsed(since) {
  const seconds = Math.round((Date.now() - since) / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/**
 * Runs a step and shows its name and duration: redrawn in place on a terminal, otherwise one line
 * at the start and one at the end. It writes to stderr, because stdout belongs to the command, such
 * as an export.
 * @param {string} label name of the step, such as "Installing packages"
 * @param {(note: (detail: string) => void) => Promise<T>} work gets a function that shows a detail
 * such as a count
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
