import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { Failure } from '../failure.ts'
import type { StoredListen } from '../listen/stored.ts'
import type { ListensAnswer } from '../questions/listens.ts'
import type { Command } from './command.ts'
import { csvHeader, csvLine } from './csv.ts'

const PAGE = 1000

/** `playhead export`: the stored listens as a file, from a Playhead that runs. */
export const exportCommand: Command = {
  summary: 'write the stored listens as JSON Lines or CSV, from a Playhead that runs',
  flags: {
    format: { type: 'string', help: 'jsonl (default) or csv' },
    out: { type: 'string', help: 'file to write; otherwise standard output' },
    filter: { type: 'string', help: 'filters as in the page, such as "genre=Pop&skipped=false"' },
    url: { type: 'string', help: 'address of the Playhead to ask (http://localhost:PORT)' },
  },
  async run(config, flags, signal) {
    const format = flags['format'] ?? 'jsonl'
    if (format !== 'jsonl' && format !== 'csv')
      throw new Failure('BAD_SETTING', '--format must be jsonl or csv.')
    const out: Writable = typeof flags['out'] === 'string' ? createWriteStream(flags['out']) : process.stdout
    const base = typeof flags['url'] === 'string' ? flags['url'] : `http://localhost:${config.port}`
    const query = new URLSearchParams(typeof flags['filter'] === 'string' ? flags['filter'] : '')
    query.set('limit', String(PAGE))
    query.set('order', 'asc')

    const line = format === 'csv' ? csvLine : (listen: StoredListen) => JSON.stringify(listen)
    if (format === 'csv') await write(out, `${csvHeader()}\n`)
    let written = 0
    for (let next: string | null = ''; next !== null && !signal.aborted; ) {
      if (next !== '') query.set('cursor', next)
      const page = await askPage(base, query, signal)
      for (const listen of page.listens) await write(out, `${line(listen)}\n`)
      written += page.listens.length
      next = page.next
      if (process.stderr.isTTY) process.stderr.write(`\r${written.toLocaleString('en')} listens written`)
    }
    if (out !== process.stdout) {
      out.end()
      await once(out, 'finish')
    }
    process.stderr.write(
      `${process.stderr.isTTY ? '\r' : ''}${written.toLocaleString('en')} listens written\n`,
    )
    return signal.aborted ? 1 : 0
  },
}

async function askPage(base: string, query: URLSearchParams, signal: AbortSignal): Promise<ListensAnswer> {
  let response: Response
  try {
    response = await fetch(new URL(`/api/listens?${query}`, base), { signal })
  } catch (error) {
    throw new Failure(
      'PLAYHEAD_UNREACHABLE',
      `No Playhead answers at ${base}. Start it with \`npm start\`, or name another with --url.`,
      { cause: error },
    )
  }
  const body = (await response.json()) as ListensAnswer & { error?: { message: string } }
  if (body.error !== undefined) throw new Failure('EXPORT_REFUSED', body.error.message)
  return body
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain')
}
