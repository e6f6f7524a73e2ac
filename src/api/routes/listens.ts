import { Type } from 'typebox'
import { COMPLETED_FIELDS } from '../../intake/complete.ts'
import type { Outcome } from '../../intake/outcome.ts'
import type { Origin, Submit } from '../../intake/submit.ts'
import { ListenSchema } from '../../listen/listen.ts'
import { withSpellings } from '../../questions/countries.ts'
import type { ListensFor } from '../../questions/listen-source.ts'
import { askListens, ListensAnswerSchema, ListensQuerySchema } from '../../questions/listens.ts'
import { Failure } from '../../runtime/failure.ts'
import { ErrorSchema, RequestError } from '../error.ts'
import { settleTimes } from '../times.ts'
import type { App } from '../typed-app.ts'

const ORIGIN: Origin = { name: 'post', source: '/playhead/api' }

const NewListenSchema = Type.Object(
  {
    ...ListenSchema.properties,
    user_id: Type.Optional(ListenSchema.properties.user_id),
    timestamp: Type.Optional(ListenSchema.properties.timestamp),
  },
  { description: `A listen; ${COMPLETED_FIELDS.join(', ')} are filled in where they are left out` },
)

const HeadersSchema = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: 'A repeat with the same key and body gets the first answer, and one listen is stored',
    }),
  ),
})

const AcceptedSchema = Type.Object({
  id: Type.String({ description: 'Its id once it is stored' }),
  listen: ListenSchema,
})

export interface ListenRoutes {
  /** Listens in the store and, where the settings say so, in the archive. */
  history: ListensFor
  submit: Submit
}

/** `GET /api/listens` and `POST /api/listens`. */
export function listenRoutes(app: App, { history, submit }: ListenRoutes): void {
  app.get(
    '/api/listens',
    {
      schema: {
        summary: 'Listens, filtered and sorted, a page at a time',
        tags: ['listens'],
        querystring: ListensQuerySchema,
        response: { 200: ListensAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      settleTimes(request.query)
      const listens = history(request.scope)
      return await askListens(listens, await withSpellings(listens, request.query))
    },
  )

  app.register(async (scope: App) => {
    // The decoder judges the bytes, so that an event is right or wrong here for the same reasons as on the topic.
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(
      '/api/listens',
      {
        validatorCompiler: () => () => true,
        schema: {
          summary: 'Adds a listen: sends it through Kafka and answers when Kafka has it',
          tags: ['listens'],
          headers: HeadersSchema,
          body: NewListenSchema,
          response: { 201: AcceptedSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
        },
      },
      async (request, reply) => {
        const body: unknown = request.body
        const value = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        const key = idempotencyKey(request.headers['idempotency-key'])
        const [outcome] = await submit([{ value, key }], ORIGIN)
        return reply.code(201).send(accepted(outcome))
      },
    )
  })
}

const LONGEST_KEY = 200

/** @throws RequestError 400 */
function idempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null
  if (header.length > 0 && header.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(header)) return header
  throw new RequestError(
    400,
    'bad_idempotency_key',
    `Idempotency-Key must be 1 to ${LONGEST_KEY} visible ASCII characters, such as a UUID.`,
    'idempotency-key',
  )
}

/** The body of the answer. @throws RequestError for a refusal, Failure where Kafka is unavailable */
function accepted(outcome: Outcome | undefined) {
  if (outcome === undefined) throw new Error('a listen was submitted and has no outcome')
  if (outcome.kind === 'unavailable') throw new Failure(outcome.code, outcome.message)
  if (outcome.kind === 'accepted') return { id: outcome.id, listen: outcome.listen }
  const { code, message, field } = outcome
  if (code === 'idempotency_key_reused') throw new RequestError(422, code, message, 'idempotency-key')
  throw new RequestError(400, code, message, field ?? undefined)
}
