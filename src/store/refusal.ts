import { Failure } from '../runtime/failure.ts'
import { isTlsError } from '../runtime/tls-error.ts'

/** ClickHouse's codes: unknown user, wrong password, required password, authentication failed. */
const LOGIN_CODES = ['192', '193', '194', '516']
const ACCESS_DENIED = '497'
const NO_SUCH_CLUSTER = '701'

/**
 * What a person has to change before a ClickHouse server does what it was asked: the login, the grants, the certificates.
 * @returns null when the error is none of these
 */
export function storeRefusal(error: unknown, host: string): Failure | null {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (LOGIN_CODES.includes(String(code)))
    return new Failure(
      'STORE_AUTH_FAILED',
      `ClickHouse at ${host} refuses the login. Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD (or CLICKHOUSE_PASSWORD_FILE).`,
      { cause: error },
    )
  if (String(code) === ACCESS_DENIED)
    return new Failure(
      'STORE_NOT_ALLOWED',
      `ClickHouse at ${host} does not let this user do that: ${firstLine(message)} docs/clusters.md lists the grants that Playhead needs.`,
      { cause: error },
    )
  if (String(code) === NO_SUCH_CLUSTER)
    return new Failure(
      'STORE_CLUSTER_UNKNOWN',
      `ClickHouse at ${host} knows no such cluster: ${firstLine(message)}. Check CLICKHOUSE_CLUSTER; SELECT DISTINCT cluster FROM system.clusters lists them.`,
      { cause: error },
    )
  if (isTlsError(error))
    return new Failure(
      'STORE_TLS_FAILED',
      `There is no TLS connection to ClickHouse at ${host}: ${firstLine(message)} (${String(code)}). Check the https:// address in CLICKHOUSE_URL, and CLICKHOUSE_CA_FILE.`,
      { cause: error },
    )
  return null
}

/** Why a ClickHouse server could not be opened, and what to do about it. */
export function storeFailure(error: unknown, host: string): Failure {
  const refusal = storeRefusal(error, host)
  if (refusal !== null) return refusal
  const { message } = error as { message?: unknown }
  return new Failure(
    'STORE_UNREACHABLE',
    `ClickHouse at ${host} does not answer: ${firstLine(message)}. Check CLICKHOUSE_URL, or leave it out to use the embedded engine.`,
    { cause: error },
  )
}

function firstLine(message: unknown): string {
  return String(message).split('\n', 1)[0]?.slice(0, 300) ?? ''
}
