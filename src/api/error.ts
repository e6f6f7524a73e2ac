import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Failure } from '../runtime/failure.ts'

/** How every error of the API looks. */
export const ErrorSchema = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'Stable; meant for programs' }),
    message: Type.String({ description: 'Meant for people' }),
    field: Type.Optional(Type.String({ description: 'The parameter or field at fault' })),
  }),
})

export type ApiError = Static<typeof ErrorSchema>

/** An error that is the caller's, or that a caller can do something about. */
export class RequestError extends Error {
  readonly statusCode: number
  readonly body: ApiError

  constructor(statusCode: number, code: string, message: string, field?: string) {
    super(message)
    this.statusCode = statusCode
    this.body = { error: { code, message, ...(field === undefined ? {} : { field }) } }
  }
}

const FAILURE_STATUS: Record<string, number> = {
  BAD_CURSOR: 400,
  TOO_MANY_BUCKETS: 400,
  KAFKA_UNAVAILABLE: 503,
  KAFKA_RECORD_TOO_LARGE: 413,
  KAFKA_AUTH_FAILED: 503,
  KAFKA_NOT_ALLOWED: 503,
  KAFKA_TLS_FAILED: 503,
}

const FAILURE_FIELD: Record<string, string> = { BAD_CURSOR: 'cursor', TOO_MANY_BUCKETS: 'from' }

const CALLER_ERRORS: Record<string, { code: string; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', message: 'The body may have at most 64 KiB.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'not_json_type',
    message: 'Send the body as JSON, with the header `content-type: application/json`.',
  },
}

/** Turns whatever a route threw into an answer. What is not the caller's is logged and not shown. */
export function answerError(
  error: FastifyError | RequestError | Failure,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (error instanceof RequestError) {
    reply.code(error.statusCode).send(error.body)
    return
  }
  if (error instanceof Failure) {
    const status = FAILURE_STATUS[error.code] ?? 500
    if (status !== 500) {
      const field = FAILURE_FIELD[error.code]
      const message =
        status === 503
          ? 'Kafka cannot be reached, so nothing was accepted. Try again in a moment.'
          : error.message
      if (status === 503) request.log.warn({ reason: error.message }, 'Kafka unavailable')
      reply.code(status).send({ error: { code: error.code.toLowerCase(), message, ...(field && { field }) } })
      return
    }
  }
  const fastify = error as FastifyError
  if (fastify.validation !== undefined) {
    const { field, message } = explain(fastify)
    reply
      .code(400)
      .send({ error: { code: 'invalid_parameter', message, ...(field === '' ? {} : { field }) } })
    return
  }
  const status = fastify.statusCode ?? 500
  if (status >= 400 && status < 500) {
    const { code, message } = CALLER_ERRORS[fastify.code] ?? { code: 'bad_request', message: fastify.message }
    reply.code(status).send({ error: { code, message } })
    return
  }
  request.log.error({ err: error }, 'request failed')
  reply.code(500).send({
    error: { code: 'internal', message: 'Something went wrong here. The log of Playhead says what.' },
  })
}

/** Answers a request for an address that does not exist. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  reply.code(404).send({ error: { code: 'not_found', message: `There is no ${request.method} here.` } })
}

/** The parameter at fault and what was wrong with it. */
function explain({ validation, message }: FastifyError): { field: string; message: string } {
  const [first] = validation ?? []
  if (first === undefined) return { field: '', message }
  const { additionalProperty, missingProperty, allowedValues } = first.params as Record<string, unknown>
  const path = first.instancePath.slice(1).split('/')[0] ?? ''
  const field = String(additionalProperty ?? missingProperty ?? path)
  if (additionalProperty !== undefined) return { field, message: `${field} is not a parameter here.` }
  const allowed = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
  return { field, message: `${field} ${first.message ?? 'is not valid'}${allowed}.` }
}
