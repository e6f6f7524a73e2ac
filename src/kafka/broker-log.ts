import { readFile, stat } from 'node:fs/promises'

const STACK_FRAME = /^\s+(at |\.\.\. \d+ more)/
const ENTRY = /^\d{4}-\d\d-\d\dT[\d:,.]+ ([A-Z]+) (.*)$/
const LONGEST = 400

/**
 * Why a broker ended, out of what it logged: its last error with the exception under it, or else its last lines.
 * @param log what Kafka logged since it started
 * @param output what the Java machine printed
 */
export function reasonIn(log: string, output: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  const start = lines.findLastIndex((line) => ['ERROR', 'FATAL'].includes(ENTRY.exec(line)?.[1] ?? ''))
  const error = start === -1 ? [] : [lines[start] ?? '', ...exceptionUnder(lines.slice(start + 1))]
  const printed = output.split('\n').filter((line) => line.trim() !== '' && !STACK_FRAME.test(line))
  const said = error.length > 0 ? error : [...printed.slice(0, 3), ...lines.slice(-3)]
  const text = said.map((line) => ENTRY.exec(line)?.[2] ?? line.trim()).join(' ')
  if (text === '') return 'it said nothing'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function exceptionUnder(lines: string[]): string[] {
  const next = lines.findIndex((line) => ENTRY.test(line))
  return (next === -1 ? lines : lines.slice(0, next)).filter((line) => !STACK_FRAME.test(line))
}

/** Length of a log file, to read later only what was added; 0 when there is none. */
export async function logLength(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}

/** Returns the text added to a log after its first `length` bytes; all of it if the log was restarted. */
export async function logSince(path: string, length: number): Promise<string> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0))
  return bytes.subarray(bytes.length >= length ? length : 0).toString('utf8')
}
