import type { TSchema } from 'typebox'
import { withSpellings } from '../../questions/countries.ts'
import { askDropOff, DropOffSchema } from '../../questions/drop-off.ts'
import { type Filter, FilterSchema } from '../../questions/filter.ts'
import { askHours, HoursQuerySchema, HoursSchema } from '../../questions/hours.ts'
import type { ListenSource, ListensFor } from '../../questions/listen-source.ts'
import { askMoodGenre, MoodGenreSchema } from '../../questions/mood-genre.ts'
import { askNow, NowQuerySchema, NowSchema } from '../../questions/now.ts'
import { askOverTime, OverTimeQuerySchema, OverTimeSchema } from '../../questions/over-time.ts'
import { askRatings, RatingsSchema } from '../../questions/ratings.ts'
import { askThroughput, ThroughputQuerySchema, ThroughputSchema } from '../../questions/throughput.ts'
import { askTop, TopQuerySchema, TopSchema } from '../../questions/top.ts'
import { askTotals, TotalsSchema } from '../../questions/totals.ts'
import type { Store } from '../../store/store.ts'
import { ErrorSchema } from '../error.ts'
import { createSharedAnswers } from '../shared-answers.ts'
import { settleTimes } from '../times.ts'
import type { App } from '../typed-app.ts'

interface Question {
  name: string
  summary: string
  query: TSchema
  answer: TSchema
  /** Whether it is about this moment only, so that nothing of it can be in an archive. */
  momentary?: true
  // The schema of the query has checked what is asked.
  ask: (listens: ListenSource, query: never) => Promise<unknown>
}

const QUESTIONS: readonly Question[] = [
  {
    name: 'totals',
    summary: 'How much was listened to',
    query: FilterSchema,
    answer: TotalsSchema,
    ask: askTotals,
  },
  {
    name: 'top',
    summary: 'The values of a field with the most listens',
    query: TopQuerySchema,
    answer: TopSchema,
    ask: askTop,
  },
  {
    name: 'over-time',
    summary: 'How much was played in each minute, hour, day or month',
    query: OverTimeQuerySchema,
    answer: OverTimeSchema,
    ask: askOverTime,
  },
  {
    name: 'drop-off',
    summary: 'Which share still listens at each percent of the track',
    query: FilterSchema,
    answer: DropOffSchema,
    ask: askDropOff,
  },
  {
    name: 'hours',
    summary: 'How much is played in each hour of the week',
    query: HoursQuerySchema,
    answer: HoursSchema,
    ask: askHours,
  },
  {
    name: 'mood-genre',
    summary: 'How much of each genre is heard in each mood',
    query: FilterSchema,
    answer: MoodGenreSchema,
    ask: askMoodGenre,
  },
  {
    name: 'ratings',
    summary: 'How many plays were given how many stars',
    query: FilterSchema,
    answer: RatingsSchema,
    ask: askRatings,
  },
  {
    name: 'now',
    summary: 'What is listened to at this moment',
    query: NowQuerySchema,
    answer: NowSchema,
    momentary: true,
    ask: askNow,
  },
]

export interface StatsRoutes {
  store: Store
  /** Listens in the store. */
  stored: ListensFor
  /** Listens in the store and, where the settings say so, in the archive. */
  history: ListensFor
}

/** `GET /api/stats/<question>`. */
export function statsRoutes(app: App, { store, stored, history }: StatsRoutes): void {
  const share = createSharedAnswers()
  const throughput: Question = {
    name: 'throughput',
    summary: 'Lag and throughput of the pipeline by the minute, of the last week at most',
    query: ThroughputQuerySchema,
    answer: ThroughputSchema,
    ask: (_listens, query) => askThroughput(store, query),
  }
  for (const { name, summary, query, answer, ask, momentary = false } of [...QUESTIONS, throughput])
    app.get(
      `/api/stats/${name}`,
      {
        schema: {
          summary,
          tags: ['stats'],
          querystring: query,
          response: { 200: answer, '4xx': ErrorSchema, '5xx': ErrorSchema },
        },
      },
      async (request) => {
        settleTimes(request.query as Filter)
        const { scope } = request
        const filter = request.query as Filter
        const asked = JSON.stringify([name, Object.entries(filter).sort()])
        const listens = momentary ? stored(scope) : history(scope)
        const answer = async () => ask(listens, (await withSpellings(listens, filter)) as never)
        return (await share(scope, asked, answer)) as never
      },
    )
}
