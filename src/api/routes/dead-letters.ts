import { isUtf8 } from 'node:buffer'
import { type Static, Type } from 'typebox'
import type { FetchedRecord } from '../../kafka/fetched-record.ts'
import {
  askDeadLetter,
  askDeadLetters,
  DeadLetterSchema,
  DeadLettersAnswerSchema,
  DeadLettersQuerySchema,
} from '../../questions/dead-letters.ts'
import type { ListensFor } from '../../questions/listen-source.ts'
import { type ActionOptions, DoneSchema, drop, redrive, SelectionSchema } from '../dead-letter-actions.ts'
import { ErrorSchema, RequestError } from '../error.ts'
import { settleTimes } from '../times.ts'
import type { App } from '../typed-app.ts'

const ShownSchema = Type.Object({
  ...DeadLetterSchema.properties,
  record: Type.Union(
    [
      Type.Object({
        text: Type.Union([Type.String(), Type.Null()], { description: 'null where it is not UTF-8' }),
        base64: Type.Union([Type.String(), Type.Null()], { description: 'null for a tombstone' }),
        headers: Type.Array(
          Type.Object({
            name: Type.String(),
            base64: Type.Union([Type.String(), Type.Null()], {
              description: 'null for a header without a value',
            }),
          }),
        ),
      }),
      Type.Null(),
    ],
    { description: 'The record as it was sent; null when the topic no longer holds it, or it is withheld' },
  ),
  withheld: Type.Boolean({
    description: 'Whether the record is not shown because the caller may not see personal data',
  }),
})

/** A dead letter with its bytes. */
export type ShownDeadLetter = Static<typeof ShownSchema>

export interface DeadLetterRoutes extends Omit<ActionOptions, 'listens'> {
  stored: ListensFor
}

/** `/api/dead-letters`: what could not be stored, and why; sending it back and dropping it. */
export function deadLetterRoutes(app: App, { stored, ...options }: DeadLetterRoutes): void {
  for (const [path, summary, act] of [
    [
      'redrive',
      'Redrives dead letters to the topic, with changes if wanted; each is stored at most once',
      redrive,
    ],
    ['drop', 'Marks dead letters as done with; their bytes stay in Kafka', drop],
  ] as const)
    app.post(
      `/api/dead-letters/${path}`,
      {
        schema: {
          summary,
          tags: ['operation'],
          body: SelectionSchema,
          response: { 200: DoneSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
        },
      },
      async (request) => {
        settleTimes(request.body)
        return await act({ ...options, listens: stored(request.scope) }, request.body)
      },
    )

  app.get(
    '/api/dead-letters',
    {
      schema: {
        summary: 'What could not be stored, the newest first, and counts by reason',
        tags: ['operation'],
        querystring: DeadLettersQuerySchema,
        response: { 200: DeadLettersAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      settleTimes(request.query)
      return await askDeadLetters(stored(request.scope), request.query)
    },
  )

  app.get(
    '/api/dead-letters/:id',
    {
      schema: {
        summary: 'One dead letter with its bytes',
        tags: ['operation'],
        params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
        response: { 200: ShownSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      const found = await askDeadLetter(stored(request.scope), request.params.id)
      if (found === null) throw new RequestError(404, 'not_found', 'There is no such dead letter.', 'id')
      const { topicId, letter } = found
      const { partition, offset } = letter
      // Nobody knows which bytes of a record that cannot be read are personal.
      if (!request.scope.personal) return { ...letter, record: null, withheld: true }
      const [record] = await options.readRecords([{ topicId, partition, offset }])
      return { ...letter, record: record ? shown(record) : null, withheld: false }
    },
  )
}

function shown({ value, headers }: FetchedRecord) {
  return {
    text: value !== null && isUtf8(value) ? value.toString() : null,
    base64: value?.toString('base64') ?? null,
    headers: headers.map(([name, bytes]) => ({
      name: name?.toString() ?? '',
      base64: bytes?.toString('base64') ?? null,
    })),
  }
}
