import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DropOff } from '../../src/questions/drop-off.ts'
import type { Hours } from '../../src/questions/hours.ts'
import type { MoodGenre } from '../../src/questions/mood-genre.ts'
import type { OverTime } from '../../src/questions/over-time.ts'
import type { Ratings } from '../../src/questions/ratings.ts'
import type { Top } from '../../src/questions/top.ts'
import type { Totals } from '../../src/questions/totals.ts'
import type { RunningPlayhead } from './playhead.ts'

/** The questions of the dashboard. */
export interface Answers {
  totals: Totals
  tops: Record<string, Top['values']>
  dropOff: DropOff
  hours: Hours['cells']
  ratings: Ratings['ratings']
  moodGenre: MoodGenre['cells']
  days: { day: string; listens: number; seconds_listened: number; completed: number; skipped: number }[]
}

const TOPS = {
  songs: 'song',
  artists: 'artist',
  genres: 'genre',
  countries: 'country',
  cities: 'city',
  platforms: 'platform',
  moods: 'mood',
} as const

/** Asks the API all questions for one range. */
export async function askAll({ url }: RunningPlayhead, query: string): Promise<Answers> {
  const ask = async <Answer>(question: string): Promise<Answer> => {
    const response = await fetch(`${url}/api/stats/${question}${question.includes('?') ? '&' : '?'}${query}`)
    const body = await response.text()
    assert.equal(response.status, 200, body)
    return JSON.parse(body) as Answer
  }
  const zone = new URLSearchParams(query).get('zone') ?? 'UTC'
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  const tops: Answers['tops'] = {}
  for (const [name, by] of Object.entries(TOPS)) {
    const { values } = await ask<Top>(`top?by=${by}&limit=1000`)
    tops[name] = values.map(({ code: _code, ...value }) => value)
  }
  return {
    totals: await ask<Totals>('totals'),
    tops,
    dropOff: await ask<DropOff>('drop-off'),
    hours: (await ask<Hours>('hours')).cells,
    ratings: (await ask<Ratings>('ratings')).ratings,
    moodGenre: (await ask<MoodGenre>('mood-genre')).cells,
    days: (await ask<OverTime>('over-time?unit=day')).buckets
      .filter(({ listens }) => listens > 0)
      .map(({ start, end: _, ...heard }) => ({ day: day.format(start * 1000), ...heard })),
  }
}

/** The output files of the job, in the shape of the API's answers. */
export async function readOut(out: string): Promise<Answers> {
  const read = async <Row>(name: string): Promise<Row[]> =>
    (await readFile(join(out, `${name}.jsonl`), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row)
  const [totals] = await read<Totals>('totals')
  assert.ok(totals)
  const tops: Answers['tops'] = {}
  for (const name of Object.keys(TOPS)) tops[name] = (await read<Top['values'][number]>(name)).slice(0, 1000)
  const reached = await read<{ percent: number; listens: number; share: number }>('drop_off')
  assert.deepEqual(
    reached.map(({ percent }) => percent),
    Array.from({ length: 101 }, (_, percent) => percent),
  )
  return {
    totals,
    tops,
    dropOff: { listens: reached[0]?.listens ?? 0, shares: reached.map(({ share }) => share) },
    hours: await read('hours'),
    ratings: await read('ratings'),
    moodGenre: (
      await read<MoodGenre['cells'][number] & { completed: number; skipped: number }>('mood_genre')
    ).map(({ completed: _, skipped: __, ...cell }) => cell),
    days: await read('days'),
  }
}

/** Two engines sum fractions in different orders, which changes the last digits. */
export function rounded(answers: object): unknown {
  return JSON.parse(JSON.stringify(answers), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value,
  )
}
