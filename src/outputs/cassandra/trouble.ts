import { isTlsError } from '../../runtime/tls-error.ts'
import type { Trouble } from '../sink/target.ts'

/** Error codes of Cassandra's protocol (native protocol v5, section 9). */
const BAD_CREDENTIALS = 0x0100
const UNAUTHORIZED = 0x2100
const INVALID = 0x2200
/** What may pass, by its name in the protocol. */
const PASSING: Readonly<Record<number, string>> = {
  4096: 'too few replicas are there',
  4097: 'it is overloaded',
  4098: 'it is starting',
  4352: 'too few replicas answered in time',
  5376: 'too few replicas could write',
}

/**
 * Says what an error of the driver means. Its own messages are shown only where they cannot quote a listen.
 * @param contactPoints as they were set, for the message
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
      `Cassandra does not allow it: ${oneLine(message)}. Grant the user of CASSANDRA_USERNAME what docs/outputs.md names.`,
    )
  if (code === INVALID)
    return failed(
      `Cassandra refuses the statement: ${oneLine(message)}. If a table with other columns has that name, set CASSANDRA_KEYSPACE to a keyspace that nobody else fills.`,
    )
  if (isTlsError(inner))
    return failed(`TLS to Cassandra failed (${String(code)}). Check CASSANDRA_TLS and CASSANDRA_TLS_CA_FILE.`)
  if (name === 'ArgumentError' && message.startsWith('localDataCenter'))
    return failed(`Cassandra has no such data center: ${oneLine(message)}. Set CASSANDRA_LOCAL_DC.`)
  const why =
    PASSING[Number(code)] ?? (typeof code === 'string' ? code : code === undefined ? name : `${name} ${code}`)
  return {
    state: 'waiting',
    detail: `Cassandra at ${contactPoints.join(', ')} does not take listens (${why}). Check that it runs and that CASSANDRA_CONTACT_POINTS names it; listens wait in Kafka until it does.`,
  }
}

const UNKNOWN = { name: 'unknown error', code: undefined, message: '' }

const failed = (detail: string): Trouble => ({ state: 'failed', detail })

/** Of an error that stands for several hosts, what each of them said. */
function innerErrors(error: unknown): unknown[] {
  const { innerErrors } = error as { innerErrors?: Record<string, unknown> }
  return Object.values(innerErrors ?? {})
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').slice(0, 160)
