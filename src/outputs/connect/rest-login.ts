import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../runtime/failure.ts'
import type { ConnectMode } from '../../settings/connect.ts'
import { Secret } from '../../settings/secret.ts'

/** The only user of a worker's REST interface. */
const USER = 'playhead'
const BYTES = 24
const PASSWORDS = 'rest.properties'
const JAAS = 'rest.jaas'
const LOGIN_MODULE = 'org.apache.kafka.connect.rest.basic.auth.extension.PropertyFileLoginModule'

/**
 * The password of a worker's REST interface, which takes connectors and so could run any code of its class path.
 * @param given the password that the settings name, for workers that call each other
 * @throws Failure BAD_SETTING when distributed workers have none in common
 */
export function restPassword(mode: ConnectMode, given: Secret | null): Secret {
  if (given !== null) return given
  if (mode === 'standalone') return new Secret(randomBytes(BYTES).toString('hex'))
  throw new Failure(
    'BAD_SETTING',
    'Distributed workers of Kafka Connect call each other: set CONNECT_PASSWORD to the same password for all of them.',
  )
}

/** The header by which a request shows the password (RFC 7617). */
export function authorization(password: Secret): string {
  return `Basic ${Buffer.from(`${USER}:${password.reveal()}`).toString('base64')}`
}

/**
 * Writes the files by which a worker checks the password, readable by their owner only.
 * @param home the worker's working directory, which the paths in the files are relative to
 * @returns path of the JAAS file from there, for `java.security.auth.login.config`
 */
export async function writeRestLogin(home: string, password: Secret): Promise<string> {
  const line = `${USER}=${propertyText(password.reveal())}\n`
  await writeFile(join(home, PASSWORDS), line, { mode: 0o600 })
  const login = `KafkaConnect {\n  ${LOGIN_MODULE} required\n  file="${PASSWORDS}";\n};\n`
  await writeFile(join(home, JAAS), login, { mode: 0o600 })
  return JAAS
}

/** A value of a properties file: Java reads backslashes as escapes, and leaves out leading white space. */
function propertyText(text: string): string {
  return text.replace(/[^!-~]|\\/g, (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''),
  )
}

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`
