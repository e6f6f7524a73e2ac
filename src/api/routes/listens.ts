import { isDeepStrictEqual } from 'node:util'
import type { FastifyBaseLogger } from 'fastify'
import { type Static, Type } from 'typebox'
import { ONCE_HEADER } from '../../kafka/once.ts'
import type { TopicProducer } from '../../kafka/producer.ts'
import { cloudEventHeaders } from '../../listen/cloud-event.ts'
import { decodeListen } from '../../listen/decode.ts'
import { encodeListen } from '../../listen/encode.ts'
import { listenKey } from '../../listen/key.ts'
import { type Listen, ListenSchema } from '../../listen/listen.ts'
import { listenerId, trackId } from '../../listen/name-based-id.ts'
import type { StoredListen } from '../../listen/stored.ts'
import { askListens, ListensAnswerSchema, ListensQuerySchema } from '../../questions/listens.ts'
import { askByOnceKey } from '../../questions/once.ts'
import { listenId } from '../../questions/row.ts'
import type { Store } from '../../store/store.ts'
import type { App } from '../app.ts'
import { ErrorSchema, RequestError } from '../error.ts'
import { createIdempotency, reusedKey } from '../idempotency.ts'
import { withPatience } from '../patience.ts'
import { checkTimes } from '../times.ts'

const EVENT_SOURCE = '/playhead/api'
const DERIVED = ['user_id', 'track_id', 'timestamp'] as const

const NewListenSchema = Type.Object(
  {
    ...ListenSchema.properties,
    user_id: Type.Optional(ListenSchema.properties.user_id),
    timestamp: Type.Optional(ListenSchema.properties.timestamp),
  },
  { description: `A listen; ${DERIVED.join(', ')} are filled in where they are left out` },
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
  store: Store
  history: Store
  producer: TopicProducer
  /** Kafka's id of the topic. */
  topicId: () => Promise<string>
  /** Whether the records bear the headers of CloudEvents. */
  cloudEvents: boolean
  log: FastifyBaseLogger
}

/** `GET /api/listens` and `POST /api/listens`. */
export function listenRoutes(
  app: App,
  { store, history, producer, topicId, cloudEvents, log }: ListenRoutes,
): void {
  const idempotency = createIdempotency(store, log)

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
      checkTimes(request.query)
      return await askListens(history, request.query)
    },
  )

  app.post(
    '/api/listens',
    {
      // The decoder judges the body, so that an event is right or wrong here for the same reasons as on the topic.
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
      const key = request.headers['idempotency-key']
      const onceKey = `post/${key}`
      const accepted = await idempotency.answer(key, request.body, async () => {
        const listen = listenOf(request.body)
        // An answer that was lost in a crash, or is older than those kept: the listen is there, so it is not sent again.
        const stored =
          key === undefined ? null : await withPatience(askByOnceKey(store, onceKey)).catch(() => null)
        if (stored !== null) {
          if (!isSame(listen, stored, hasTimestamp(request.body))) throw reusedKey()
          return { id: stored.id, listen: stored }
        }
        // Asked first: once Kafka has the listen, nothing may fail any more.
        const topic = await topicId()
        // A repeat of the POST is the same event, so its id is the same too.
        const headers = cloudEvents
          ? cloudEventHeaders(listen, EVENT_SOURCE, key === undefined ? undefined : onceKey)
          : new Map<string, Buffer>()
        if (key !== undefined) headers.set(ONCE_HEADER, Buffer.from(onceKey))
        const [placed] = await producer.send([
          { key: listenKey(listen), value: encodeListen(listen), ...(headers.size === 0 ? {} : { headers }) },
        ])
        if (placed === undefined) throw new Error('Kafka acknowledged without saying where')
        log.debug({ ...placed, ...(key === undefined ? {} : { once: onceKey }) }, 'listen acknowledged')
        return { id: listenId(topic, placed.partition, placed.offset), listen }
      })
      return reply.code(201).send(accepted)
    },
  )
}

/** The body as a listen, with what was left out filled in. */
function listenOf(body: Static<typeof NewListenSchema>): Listen {
  const given: Record<string, unknown> =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
  const { name, email, title, artist } = given
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  given['user_id'] ??= listenerId(text(name), text(email))
  given['track_id'] ??= trackId(text(title), text(artist))
  given['timestamp'] ??= Math.floor(Date.now() / 1000)
  const decoded = decodeListen(Buffer.from(JSON.stringify(given)), Date.now())
  if (decoded.ok) return decoded.listen
  throw new RequestError(400, decoded.reason, decoded.message, decoded.field ?? undefined)
}

const hasTimestamp = (body: Partial<Listen>): boolean => (body.timestamp ?? null) !== null

/**
 * Whether what is stored is the listen that was sent.
 * @param timed whether its time was sent too; what was filled in differs each time
 */
function isSame(sent: Listen, stored: StoredListen, timed: boolean): boolean {
  const fields = Object.keys(sent) as (keyof Listen)[]
  return fields.every((field) =>
    field === 'timestamp'
      ? // The store keeps milliseconds.
        !timed || Math.abs(sent.timestamp - stored.timestamp) < 0.001
      : isDeepStrictEqual(sent[field], stored[field]),
  )
}
