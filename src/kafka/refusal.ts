import { Failure } from '../runtime/failure.ts'
import { isTlsError } from '../runtime/tls-error.ts'

const LOGIN_IDS = ['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']

/** How the client says that only one side speaks TLS. */
const ONE_SIDED_TLS = /^(Broker requires TLS|TLS handshake failed)/

const DENIED: Record<string, string> = {
  TOPIC_AUTHORIZATION_FAILED: 'the topic',
  GROUP_AUTHORIZATION_FAILED: 'the consumer group',
  CLUSTER_AUTHORIZATION_FAILED: 'the cluster',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'the producer',
}

interface ClientError extends Error {
  code?: unknown
  apiId?: unknown
}

/**
 * What a person has to change before Kafka does what it was asked: the login, the ACLs, or the certificates.
 * @returns null when the error is none of these, and a retry may help
 */
export function kafkaRefusal(error: unknown): Failure | null {
  const errors = [...errorChain(error)] as ClientError[]
  const denied = errors.map(({ apiId }) => String(apiId)).find((id) => Object.hasOwn(DENIED, id))
  if (denied !== undefined)
    return new Failure(
      'KAFKA_NOT_ALLOWED',
      `Kafka does not let this user do that with ${DENIED[denied]} (${denied}). docs/clusters.md lists the ACLs that each role needs.`,
      { cause: error },
    )
  const tls = errors.find((one) => isTlsError(one) || ONE_SIDED_TLS.test(one.message))
  if (tls !== undefined)
    return new Failure(
      'KAFKA_TLS_FAILED',
      `There is no TLS connection to Kafka: ${tls.message.replace(/\.$/, '')} (${String(tls.code)}). Check KAFKA_TLS, KAFKA_TLS_CA_FILE and, where Kafka asks for a certificate, KAFKA_TLS_CERT_FILE.`,
      { cause: error },
    )
  if (
    errors.some(({ code, apiId }) => code === 'PLT_KFK_AUTHENTICATION' || LOGIN_IDS.includes(String(apiId)))
  )
    return new Failure(
      'KAFKA_AUTH_FAILED',
      'Kafka refuses the login. Check KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE), and KAFKA_TLS where the brokers speak TLS.',
      { cause: error },
    )
  return null
}

/** Yields an error, the errors that it combines, and their causes. */
export function* errorChain(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return
  yield error
  if (error instanceof AggregateError) for (const one of error.errors) yield* errorChain(one)
  yield* errorChain(error.cause)
}
