import { type ClickHouseClientConfigOptions, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import type { ClickHouseAccess } from '../settings/credentials.ts'
import { storeFailure } from './refusal.ts'

/** Options that all clients of a ClickHouse server share. */
export function serverOptions(url: string, access?: ClickHouseAccess): ClickHouseClientConfigOptions {
  const { user = null, password = null, ca = null } = access ?? {}
  return {
    url,
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(ca === null ? {} : { tls: { ca_cert: Buffer.from(ca) } }),
    // Servers and what stands before them refuse long addresses, and a page's times alone may take 16 KiB.
    use_multipart_params_auto: true,
    // Playhead logs errors itself.
    log: { level: ClickHouseLogLevel.OFF },
  }
}

/**
 * Asks a ClickHouse server for its version, without changing anything there.
 * @returns `ClickHouse 25.8.1.1 at host:port`
 * @throws Failure STORE_AUTH_FAILED, STORE_NOT_ALLOWED, STORE_TLS_FAILED or STORE_UNREACHABLE
 */
export async function askServerVersion(
  url: string,
  access: ClickHouseAccess,
  limitMs: number,
): Promise<string> {
  const { host, origin } = new URL(url)
  const client = createClient({ ...serverOptions(origin, access), request_timeout: limitMs })
  try {
    const result = await client.query({ query: 'SELECT version()', format: 'JSONCompactEachRow' })
    const [row] = (await result.json()) as [string][]
    return `ClickHouse ${row?.[0] ?? ''} at ${host}`
  } catch (error) {
    throw storeFailure(error, host)
  } finally {
    await client.close()
  }
}
