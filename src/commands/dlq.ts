import type { Done } from '../api/dead-letter-actions.ts'
import { isSettable, typedValue, typeOf } from '../listen/typed-value.ts'
import type { DeadLetter, DeadLettersAnswer } from '../questions/dead-letters.ts'
import { Failure } from '../runtime/failure.ts'
import { printable } from '../runtime/printable.ts'
import type { Command } from './command.ts'
import { wholeFlag } from './flag-values.ts'

/** Dead letters per request: each is read from Kafka first, so small pages show progress. */
const PAGE = 200
const JSON_TYPE = { 'content-type': 'application/json' }

type Shown = DeadLetter & { record: { text: string | null; base64: string | null } | null }

/** `playhead dlq`: the dead letters of a running Playhead. */
export const dlqCommand: Command = {
  summary: 'list, show, redrive or drop the dead letters of a running Playhead',
  words: ['list', 'show', 'redrive', 'drop'],
  flags: {
    id: { type: 'string', help: 'id of a dead letter, as `list` prints it' },
    reason: { type: 'string', help: 'only this reason' },
    from: { type: 'string', help: 'only those that failed at this time or later' },
    to: { type: 'string', help: 'only those that failed before this time' },
    partition: { type: 'string', help: 'only from this partition of the source topic' },
    status: { type: 'string', help: 'waiting, redriven, stored, failed_again or dropped' },
    set: { type: 'string', help: 'redrive: change a field, such as mood=Happy, or several in a JSON object' },
    'dry-run': { type: 'boolean', help: 'redrive, drop: only show what would happen' },
    limit: { type: 'string', help: 'list: maximum number of dead letters, up to 1000 (100)' },
    json: { type: 'boolean', help: 'print one JSON object per line' },
    url: { type: 'string', help: 'address of the Playhead to ask (http://localhost:PORT)' },
  },
  async run(config, flags, signal, word) {
    const base = typeof flags['url'] === 'string' ? flags['url'] : `http://localhost:${config.port}`
    const print = (text: string) => process.stdout.write(`${printable(text)}\n`)
    if (word === 'show') {
      const { id } = flags
      if (typeof id !== 'string') throw new Failure('BAD_SETTING', 'No dead letter is named. Set --id.')
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

/** Redrives or drops the selected dead letters, page by page. @returns 1 if some were skipped */
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

/**
 * Parses `--set`: `field=value`, with the value of the field's type, or a JSON object. Text may be quoted as in JSON.
 * @throws Failure BAD_SETTING
 */
export function fixOf(text: string): unknown {
  const [, field, value = ''] = /^([a-z_.]+)=(.*)$/s.exec(text) ?? []
  if (field === undefined) {
    const fix = parsed(text)
    if (fix !== undefined) return fix
    throw new Failure('BAD_SETTING', '--set must be field=value, such as mood=Happy, or a JSON object.')
  }
  const quoted = parsed(value)
  const typed = typedValue(field, typeof quoted === 'string' ? quoted : value)
  if (typed !== undefined) return { [field]: typed }
  throw new Failure(
    'BAD_SETTING',
    isSettable(field)
      ? `--set ${field} must be ${typeOf(field)}, but it is ${JSON.stringify(value)}.`
      : `--set names ${field}, but an event has no such field.`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
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
