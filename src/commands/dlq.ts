import type { Done } from '../api/dead-letter-actions.ts'
import type { DeadLetter, DeadLettersAnswer } from '../questions/dead-letters.ts'
import { Failure } from '../runtime/failure.ts'
import { printable } from '../runtime/printable.ts'
import type { Command } from './command.ts'
import { wholeFlag } from './flag-values.ts'

/** Each is read from Kafka before it is sent back, so a page is kept small enough to show progress. */
const PAGE = 200
const JSON_TYPE = { 'content-type': 'application/json' }

type Shown = DeadLetter & { record: { text: string | null; base64: string | null } | null }

/** `playhead dlq`: what could not be stored, by way of a Playhead that runs. */
export const dlqCommand: Command = {
  summary: 'dead letters of a Playhead that runs: `dlq list`, `show`, `redrive`, `drop`',
  words: ['list', 'show', 'redrive', 'drop'],
  flags: {
    id: { type: 'string', help: 'the dead letter, as `list` prints it' },
    reason: { type: 'string', help: 'only this reason' },
    from: { type: 'string', help: 'refused at this time or later' },
    to: { type: 'string', help: 'refused before this time' },
    partition: { type: 'string', help: 'only of this partition of the source' },
    status: { type: 'string', help: 'waiting, redriven, stored, failed_again or dropped' },
    set: { type: 'string', help: 'redrive: a field to change, mood=Happy; or several, as a JSON object' },
    'dry-run': { type: 'boolean', help: 'redrive, drop: only say what would be done' },
    limit: { type: 'string', help: 'list: at most so many, up to 1000 (100)' },
    json: { type: 'boolean', help: 'one JSON object a line' },
    url: { type: 'string', help: 'address of the Playhead to ask (http://localhost:PORT)' },
  },
  async run(config, flags, signal, word) {
    const base = typeof flags['url'] === 'string' ? flags['url'] : `http://localhost:${config.port}`
    const print = (text: string) => process.stdout.write(`${printable(text)}\n`)
    if (word === 'show') {
      const { id } = flags
      if (typeof id !== 'string') throw new Failure('BAD_SETTING', 'Name the dead letter with --id.')
      const shown = await ask<Shown>(base, `/api/dead-letters/${encodeURIComponent(id)}`, signal)
      if (flags['json'] === true) print(JSON.stringify(shown))
      else {
        print(line(shown))
        print(bytesOf(shown))
      }
      return 0
    }
    if (word === 'redrive' || word === 'drop') return await act(word, base, flags, signal)
    const query = new URLSearchParams()
    for (const name of ['reason', 'from', 'to', 'status'] as const) {
      const value = flags[name]
      if (typeof value === 'string') query.set(name, value)
    }
    for (const [name, least] of [
      ['partition', 0],
      ['limit', 1],
    ] as const) {
      const value = wholeFlag(flags, name, least)
      if (value !== undefined) query.set(name, String(value))
    }
    const answer = await ask<DeadLettersAnswer>(base, `/api/dead-letters?${query}`, signal)
    for (const letter of answer.dead_letters)
      print(flags['json'] === true ? JSON.stringify(letter) : line(letter))
    for (const { reason, count } of answer.reasons)
      process.stderr.write(`${printable(reason)}: ${count.toLocaleString('en')}\n`)
    return 0
  },
}

const line = (letter: DeadLetter) =>
  `${letter.id}  ${letter.failed_at}  ${letter.status}  ${letter.reason}  ${letter.value_bytes} B  ${letter.message}`

function bytesOf({ record }: Shown): string {
  if (record === null) return 'The topic no longer holds this record.'
  return record.text ?? (record.base64 === null ? '(no value)' : `base64: ${record.base64}`)
}

/** Sends back or drops all that is selected, a page at a time. @returns 1 when some were left out */
async function act(
  word: 'redrive' | 'drop',
  base: string,
  flags: Record<string, string | boolean | undefined>,
  signal: AbortSignal,
): Promise<number> {
  const partition = wholeFlag(flags, 'partition', 0)
  const selection = {
    ...(typeof flags['id'] === 'string' ? { ids: [flags['id']] } : {}),
    ...(typeof flags['reason'] === 'string' ? { reason: [flags['reason']] } : {}),
    ...(typeof flags['status'] === 'string' ? { status: [flags['status']] } : {}),
    ...(typeof flags['from'] === 'string' ? { from: flags['from'] } : {}),
    ...(typeof flags['to'] === 'string' ? { to: flags['to'] } : {}),
    ...(partition === undefined ? {} : { partition }),
    ...(typeof flags['set'] === 'string' ? { set: fixOf(flags['set']) } : {}),
    dry_run: flags['dry-run'] === true,
  }
  const done = word === 'redrive' ? 'sent back' : 'dropped'
  let count = 0
  let skipped = 0
  for (let cursor: string | null = ''; cursor !== null; ) {
    const body = { ...selection, limit: PAGE, ...(cursor === '' ? {} : { cursor }) }
    const answer: Done = await ask(base, `/api/dead-letters/${word}`, signal, body)
    count += answer.done
    skipped += answer.skipped.length
    for (const { id, code, message } of answer.skipped)
      process.stdout.write(`${printable(`${id}  ${code}  ${message}`)}\n`)
    process.stderr.write(
      `${count.toLocaleString('en')} ${flags['dry-run'] === true ? 'would be ' : ''}${done}\n`,
    )
    cursor = answer.next
  }
  return skipped > 0 ? 1 : 0
}

/** What `--set` says: `field=value`, or a JSON object. Numbers, true, false and null are what they look like. */
function fixOf(text: string): unknown {
  const [, field, value = ''] = /^([a-z_.]+)=(.*)$/s.exec(text) ?? []
  const json = field === undefined ? text : value
  try {
    const parsed: unknown = JSON.parse(json)
    return field === undefined ? parsed : { [field]: parsed }
  } catch {
    if (field !== undefined) return { [field]: value }
    throw new Failure('BAD_SETTING', '--set must be field=value, such as mood=Happy, or a JSON object.')
  }
}

async function ask<Answer>(base: string, path: string, signal: AbortSignal, body?: unknown): Promise<Answer> {
  let response: Response
  const post = body === undefined ? {} : { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) }
  try {
    response = await fetch(new URL(path, base), { signal, ...post })
  } catch (error) {
    throw new Failure(
      'PLAYHEAD_UNREACHABLE',
      `No Playhead answers at ${base}. Start it with \`npm start\`, or name another with --url.`,
      { cause: error },
    )
  }
  const answer = (await response.json()) as Answer & { error?: { message: string } }
  if (answer.error !== undefined) throw new Failure('DLQ_REFUSED', answer.error.message)
  return answer
}
