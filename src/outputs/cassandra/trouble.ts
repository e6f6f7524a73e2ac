import { isTlsError } from '../../runtime/tls-error.ts'
import type { Trouble } from '../sink/target.ts'

/** Error codes of Cassandra's protocol (native protocol v5, section 9). */
const BAD_CREDENTIALS = 0x0100
const UNAUTHORIZED = 0x2100
const INVALID = 0x2200
/** Temporary errors, by their code in the protocol. */
const PASSING: Readonly<Record<number, string>> = {
  4096: 'too few replicas are there',
  4097: 'it is overloaded',
  4098: 'it is starting',
  4352: 'too few replicas answered in time',
  5376: 'too few replicas could write',
}

/**
 * Explains an error of the driver. Shows its message only if it cannot quote a listen.
 * @param contactPoints the setting, for the message
 */
export function cassandraTrouble(error: unknown, contactPoints: readonly string[]): Trouble {
  const [inner = error] = innerErrors(error)
  const { name, code, message } = inner instanceof Error ? (inner as Error & { code?: unknown }) : UNKNOWN
  if (name === 'AuthenticationError' || code === BAD_CREDENTIALS)
    return failed(
      'Cassandra refuses the login. Check CASSANDRA_USERNAME and CASSANDRA_PASSWORD (or CASSANDRA_PASSWORD_FILE).',
    )
  if (code === UNAUTHORIZED)
    return failed(
      `Cassandra denies access: ${oneLine(message)}. Grant the user in CASSANDRA_USERNAME the rights in docs/outputs.md.`,
    )
  if (code === INVALID)
    return failed(
      `Cassandra rejects the statement: ${oneLine(message)}. If another program uses a table with this name, set CASSANDRA_KEYSPACE to another keyspace.`,
    )
  if (isTlsError(inner))
    return failed(`TLS to Cassandra failed (${String(code)}). Check CASSANDRA_TLS and CASSANDRA_TLS_CA_FILE.`)
  if (name === 'ArgumentError' && message.startsWith('localDataCenter'))
    return failed(`Cassandra has no such data center: ${oneLine(message)}. Set CASSANDRA_LOCAL_DC.`)
  const why =
    PASSING[Number(code)] ?? (typeof code === 'string' ? code : code === undefined ? name : `${name} ${code}`)
  return {
    state: 'waiting',
    detail: `Cassandra at ${contactPoints.join(', ')} does not accept listens (${why}). Check that it runs, and check CASSANDRA_CONTACT_POINTS. Listens wait in Kafka.`,
  }
}

const UNKNOWN = { name: 'unknown error', code: undefined, message: '' }

const failed = (detail: string): Trouble => ({ state: 'failed', detail })

/** The errors of each host, if one error stands for several. */
function innerErrors(error: unknown): unknown[] {
  const { innerErrors } = error as { innerErrors?: Record<string, unknown> }
  return Object.values(innerErrors ?? {})
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 160)
