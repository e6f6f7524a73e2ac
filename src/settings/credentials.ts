import { readFileSync } from 'node:fs'
import { Failure } from '../runtime/failure.ts'
import { Secret } from './secret.ts'

/** Certificates of a TLS connection, as PEM text. */
export interface Tls {
  /** Certificate authorities to trust; null for the system's. */
  ca: string | null
  client: { certificate: string; key: string } | null
}

export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type SaslMechanism = (typeof SASL_MECHANISMS)[number]

/** TLS and login of a Kafka cluster. */
export interface KafkaSecurity {
  /** Null for plain connections. */
  tls: Tls | null
  sasl: { mechanism: SaslMechanism; username: string; password: Secret } | null
}

/** Login to a ClickHouse server. */
export interface ClickHouseAccess {
  user: string | null
  password: Secret | null
  /** Certificate authorities to trust, as PEM text; null for the system's. */
  ca: string | null
}

/** Address of an S3 server and login to it. */
export interface S3Access {
  /** `http(s)://host:port` of a server such as MinIO; null for Amazon S3. */
  endpoint: string | null
  /** Region of Amazon S3. */
  region: string
  /** Null for a public bucket. */
  login: { accessKey: string; secretKey: Secret } | null
}

/** How to reach an archive, besides its address. */
export interface ArchiveAccess {
  s3: S3Access
  /** `http(s)://host:port` of WebHDFS; null for the default port of the archive's NameNode. */
  webHdfs: string | null
}

/** Input of {@link kafkaSecurity}; null for a setting that is not set. */
export interface KafkaSecurityTexts {
  brokers: readonly string[] | null
  tls: boolean
  caFile: string | null
  certificateFile: string | null
  keyFile: string | null
  mechanism: SaslMechanism | null
  username: string | null
  password: string | null
  passwordFile: string | null
}

/**
 * Combines the settings of a Kafka connection and reads the files that they name.
 * @throws Failure BAD_SETTING if settings contradict each other or a file cannot be read
 */
export function kafkaSecurity(texts: KafkaSecurityTexts): KafkaSecurity {
  const { caFile, certificateFile, keyFile, mechanism, username } = texts
  if (!texts.tls && (caFile ?? certificateFile ?? keyFile) !== null)
    throw misfit('The KAFKA_TLS_…_FILE settings need KAFKA_TLS=on. Set it, or remove them.')
  if ((certificateFile === null) !== (keyFile === null))
    throw misfit('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE need each other. Set both, or neither.')
  const password = passwordOf('KAFKA_PASSWORD', texts.password, texts.passwordFile)
  if ((mechanism === null) !== (username === null) || (mechanism === null) !== (password === null))
    throw misfit(
      'KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE) need each other. Set all, or none.',
    )
  const client =
    certificateFile === null || keyFile === null
      ? null
      : {
          certificate: contents('KAFKA_TLS_CERT_FILE', certificateFile),
          key: contents('KAFKA_TLS_KEY_FILE', keyFile),
        }
  const ca = caFile === null ? null : contents('KAFKA_TLS_CA_FILE', caFile)
  if (texts.brokers === null && (texts.tls || mechanism !== null))
    throw misfit('KAFKA_TLS and KAFKA_SASL_MECHANISM need KAFKA_BROKERS. Set it, or remove them.')
  return {
    tls: texts.tls ? { ca, client } : null,
    sasl:
      mechanism === null || username === null || password === null ? null : { mechanism, username, password },
  }
}

/** Input of {@link clickhouseAccess}; null for a setting that is not set. */
export interface ClickHouseTexts {
  url: string | null
  user: string | null
  password: string | null
  passwordFile: string | null
  caFile: string | null
}

/**
 * Separates the user and password from the ClickHouse address, so that the address is safe to show,
 * and combines them with their own settings.
 * @throws Failure BAD_SETTING if settings contradict each other or a file cannot be read
 */
export function clickhouseAccess(texts: ClickHouseTexts): { url: string | null; access: ClickHouseAccess } {
  const password = passwordOf('CLICKHOUSE_PASSWORD', texts.password, texts.passwordFile)
  const ca = texts.caFile === null ? null : contents('CLICKHOUSE_CA_FILE', texts.caFile)
  if (texts.url === null) return { url: null, access: { user: texts.user, password, ca } }
  const url = new URL(texts.url)
  if (ca !== null && url.protocol !== 'https:')
    throw misfit('CLICKHOUSE_CA_FILE needs an https:// address in CLICKHOUSE_URL.')
  const named = decoded(url.username)
  const hidden = decoded(url.password)
  if ((named !== null && texts.user !== null) || (hidden !== null && password !== null))
    throw misfit('The ClickHouse user or password is set twice. Remove it from CLICKHOUSE_URL.')
  url.username = ''
  url.password = ''
  const access = {
    user: texts.user ?? named,
    password: password ?? (hidden === null ? null : new Secret(hidden)),
    ca,
  }
  return { url: url.href, access }
}

/**
 * Combines the settings of an S3 server.
 * @throws Failure BAD_SETTING if settings contradict each other or a file cannot be read
 */
export function s3Access(texts: {
  endpoint: string | null
  region: string
  accessKey: string | null
  secretKey: string | null
  secretKeyFile: string | null
}): S3Access {
  const { endpoint, region, accessKey } = texts
  const secretKey = passwordOf('ARCHIVE_SECRET_KEY', texts.secretKey, texts.secretKeyFile)
  if ((accessKey === null) !== (secretKey === null))
    throw misfit(
      'ARCHIVE_ACCESS_KEY and ARCHIVE_SECRET_KEY (or ARCHIVE_SECRET_KEY_FILE) need each other. Set both, or neither.',
    )
  return {
    endpoint,
    region,
    login: accessKey === null || secretKey === null ? null : { accessKey, secretKey },
  }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part) || null
  } catch {
    throw misfit('The user or password in CLICKHOUSE_URL has an invalid % escape. Write % as %25.')
  }
}

/**
 * The password from its setting, or from the file that `<name>_FILE` names; null if neither is set.
 * @throws Failure BAD_SETTING
 */
export function passwordOf(name: string, given: string | null, file: string | null): Secret | null {
  if (given !== null && file !== null) throw misfit(`Set ${name} or ${name}_FILE, not both.`)
  if (given !== null) return new Secret(given)
  if (file === null) return null
  // Editors and `echo` add a line break that is not part of the password.
  const text = contents(`${name}_FILE`, file).replace(/\r?\n$/, '')
  if (text === '') throw misfit(`${name}_FILE names ${file}, which is empty. Write the password to it.`)
  return new Secret(text)
}

/**
 * The text of a file that a setting names.
 * @throws Failure BAD_SETTING
 */
export function contents(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new Failure('BAD_SETTING', `${name} names ${file}, which cannot be read (${code}).`, {
      cause: error,
    })
  }
}

export function misfit(message: string): Failure {
  return new Failure('BAD_SETTING', message)
}
