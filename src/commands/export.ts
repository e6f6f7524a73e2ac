import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { ApiError } from '../api/error.ts'
import { FORMAT_NAMES, type Format } from '../export/format.ts'
import { FilterSchema } from '../questions/filter.ts'
import { Failure } from '../runtime/failure.ts'
import type { Command } from './command.ts'
import { openOutFile, writeFailure } from './out-file.ts'

const PROGRESS_MS = 500

/** `playhead export`: the stored listens of a running Playhead as a file. */
export const exportCommand: Command = {
  summary: 'export the listens of a running Playhead as JSON Lines, CSV or Parquet',
  flags: {
    format: { type: 'string', help: 'jsonl (default), csv or parquet' },
    out: { type: 'string', help: 'file to write (standard output)' },
    filter: {
      type: 'string',
      help: 'filters, such as "genre=R&B&skipped=false", or as copied from the address of the page',
    },
    bom: { type: 'boolean', help: 'csv: begin with a byte order mark, which spreadsheets need' },
    order: { type: 'string', help: 'desc, newest first (default), or asc' },
    url: { type: 'string', help: 'address of the Playhead to ask (http://localhost:PORT)' },
  },
  async run(config, flags, signal) {
    const format = flags['format'] ?? 'jsonl'
    if (!FORMAT_NAMES.includes(format as Format))
      throw new Failure('BAD_SETTING', `--format must be one of ${FORMAT_NAMES.join(', ')}.`)
    const base = typeof flags['url'] === 'string' ? flags['url'] : `http://localhost:${config.port}`
    const query = filterOf(typeof flags['filter'] === 'string' ? flags['filter'] : '')
    query.set('format', String(format))
    if (flags['bom'] === true) query.set('bom', 'true')
    if (typeof flags['order'] === 'string') query.set('order', flags['order'])

    const answer = await ask(base, query, signal)
    const total = Number(answer.headers.get('x-total-count'))
    const bytes = countBytes(total)
    try {
      await write(answer, bytes, typeof flags['out'] === 'string' ? flags['out'] : null, signal)
    } catch (error) {
      if (signal.aborted) return 1
      if (error instanceof Failure) throw error
      throw new Failure(
        'EXPORT_BROKEN',
        `The export stopped early, so the output is incomplete. Try again. Cause: ${String(error)}`,
        { cause: error },
      )
    }
    process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${total.toLocaleString('en')} listens written\n`)
    return 0
  },
}

const NAMES = Object.keys(FilterSchema.properties)
const NEXT_FILTER = new RegExp(`&(?=(?:${NAMES.join('|')})=)`)
/** Characters that an address cannot contain, so the text was not copied from one. */
const TYPED = /[^!-~]/

/**
 * Reads `--filter`. A value may contain `&`, as in `genre=R&B`, unless the name of another filter follows it. A value
 * with a space or a letter that an address cannot contain is taken as it is; any other one may be encoded as in an
 * address, so a plus sign in it is written as `%2B`.
 */
export function filterOf(text: string): URLSearchParams {
  const query = new URLSearchParams()
  for (const part of text.replace(/^\?/, '').split(NEXT_FILTER)) {
    if (part === '') continue
    const at = part.indexOf('=')
    const [name, value] = at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
    query.append(name, TYPED.test(value) ? value : decoded(value))
  }
  return query
}

const decoded = (value: string) =>
  new URLSearchParams(`value=${value.replaceAll('&', '%26')}`).get('value') ?? value

async function ask(base: string, query: URLSearchParams, signal: AbortSignal): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(new URL(`/api/export?${query}`, base), { signal })
  } catch (error) {
    throw new Failure(
      'PLAYHEAD_UNREACHABLE',
      `No Playhead answers at ${base}. Start it with \`npm start\`, or name another with --url.`,
      { cause: error },
    )
  }
  if (answer.ok) return answer
  const { error } = (await answer.json()) as ApiError
  throw new Failure('EXPORT_REFUSED', error.message)
}

/** Writes to a temporary file that is renamed once complete, or to standard output. */
async function write(
  answer: Response,
  bytes: Transform,
  out: string | null,
  signal: AbortSignal,
): Promise<void> {
  const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
  if (out === null) {
    const toOutput = new Writable({
      write: (chunk: Buffer, _encoding, done) => void process.stdout.write(chunk, done),
    })
    await pipeline(body, bytes, toOutput, { signal })
    return
  }
  const file = await openOutFile(out)
  try {
    await pipeline(body, bytes, file.stream, { signal })
    await file.keep()
  } catch (error) {
    await file.discard()
    throw writeFailure(out, error) ?? error
  }
}

/** Shows progress on a terminal. */
function countBytes(total: number): Transform {
  let bytes = 0
  let said = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (process.stderr.isTTY && performance.now() - said > PROGRESS_MS) {
        said = performance.now()
        const megabytes = (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })
        process.stderr.write(`\r${megabytes} MB of ${total.toLocaleString('en')} listens`)
      }
      done(null, chunk)
    },
  })
}
