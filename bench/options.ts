import { parseArgs } from 'node:util'
import type { Size } from './case.ts'

const MIDDLE: Size = {
  events: 5_000_000,
  rounds: 3,
  rows: [10_000_000],
  seconds: 30,
  rates: [1_000, 10_000],
  readers: 2_000,
  downSeconds: 60,
  asks: 20,
}
const QUICK: Size = {
  ...MIDDLE,
  events: 1_000_000,
  rounds: 1,
  rows: [1_000_000],
  seconds: 8,
  readers: 500,
  downSeconds: 10,
  asks: 10,
}
const FULL: Size = { ...MIDDLE, rows: [10_000_000, 100_000_000], seconds: 60 }

export interface Options {
  size: Size
  /** Names of the cases to run. */
  only: readonly string[]
  /** Folder in which big stores are kept; null for a temporary one. */
  data: string | null
  json: string
  /** Draws how cost grows instead of printing the table. */
  growth: boolean
  partitions: readonly number[]
  help: boolean
}

export const FLAGS = `  --quick          small sizes, a few minutes
  --full           large sizes, also 100 million listens
  --only a,b       run only these cases
  --data folder    keep and reuse the large stores in this folder
  --json file      write the figures to this file (bench-result.json)
  --events n       events on the topic
  --rows n,n       listens in the stores for questions
  --rounds n       measurements of each side; the median counts
  --seconds n      seconds of load at a fixed rate
  --readers n      readers of the live feed
  --down n         seconds of outage before catching up
  --growth         draw how cost grows with --rows and --partitions, into docs/images
  --partitions n,n partitions of the topic for --growth`

const whole = (text: string) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${text} is not a whole number above 0`)
  return value
}

/** Parses the command line. @throws Error that says what is wrong with it */
export function readOptions(args: string[], cases: readonly string[]): Options {
  const text = { type: 'string' } as const
  const yes = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...{ quick: yes, full: yes, growth: yes, help: { ...yes, short: 'h' } },
      ...{ only: text, data: text, events: text, rows: text, rounds: text, seconds: text, readers: text },
      ...{ down: text, partitions: text, json: { ...text, default: 'bench-result.json' } },
    },
  })
  const only = [...positionals, ...(values.only?.split(',') ?? [])]
  const unknown = only.find((name) => !cases.includes(name))
  if (unknown !== undefined) throw new Error(`there is no case "${unknown}"`)
  const base = values.quick ? QUICK : values.full ? FULL : MIDDLE
  const size: Size = {
    ...base,
    events: whole(values.events ?? String(base.events)),
    rounds: whole(values.rounds ?? String(base.rounds)),
    rows: values.rows?.split(',').map(whole) ?? base.rows,
    seconds: whole(values.seconds ?? String(base.seconds)),
    readers: whole(values.readers ?? String(base.readers)),
    downSeconds: whole(values.down ?? String(base.downSeconds)),
  }
  return {
    size,
    only: only.length === 0 ? cases : only,
    data: values.data ?? null,
    json: values.json,
    growth: values.growth,
    partitions: values.partitions?.split(',').map(whole) ?? [1, 2, 4, 6, 12],
    help: values.help,
  }
}
