import { Failure } from '../failure.ts'
import { printable } from '../printable.ts'
import type { DeadLetter, DeadLettersAnswer } from '../questions/dead-letters.ts'
import type { Command } from './command.ts'
import { wholeFlag } from './flag-values.ts'

type Shown = DeadLetter & { record: { text: string | null; base64: string | null } | null }

/** `playhead dlq list|show`: what could not be stored, from a Playhead that runs. */
export const dlqCommand: Command = {
  summary: 'list and show dead letters (`dlq list`, `dlq show --id …`), from a Playhead that runs',
  words: ['list', 'show'],
  flags: {
    id: { type: 'string', help: 'show: the dead letter, as `list` prints it' },
    reason: { type: 'string', help: 'list: only this reason' },
    from: { type: 'string', help: 'list: refused at this time or later' },
    to: { type: 'string', help: 'list: refused before this time' },
    partition: { type: 'string', help: 'list: only of this partition of the source' },
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
    const query = new URLSearchParams()
    for (const name of ['reason', 'from', 'to'] as const) {
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
  `${letter.id}  ${letter.failed_at}  ${letter.reason}  ${letter.value_bytes} B  ${letter.message}`

function bytesOf({ record }: Shown): string {
  if (record === null) return 'The topic no longer holds this record.'
  return record.text ?? (record.base64 === null ? '(no value)' : `base64: ${record.base64}`)
}

async function ask<Answer>(base: string, path: string, signal: AbortSignal): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(new URL(path, base), { signal })
  } catch (error) {
    throw new Failure(
      'PLAYHEAD_UNREACHABLE',
      `No Playhead answers at ${base}. Start it with \`npm start\`, or name another with --url.`,
      { cause: error },
    )
  }
  const body = (await response.json()) as Answer & { error?: { message: string } }
  if (body.error !== undefined) throw new Failure('DLQ_REFUSED', body.error.message)
  return body
}
