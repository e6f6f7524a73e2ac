import { readFileSync } from 'node:fs'
import { Failure } from '../runtime/failure.ts'
import { Secret } from './secret.ts'

/** How a server proves who it is and, where a certificate is given, how we do. The texts are PEM. */
export interface Tls {
  /** Authorities to trust instead of the system's; null for the system's. */
  ca: string | null
  client: { certificate: string; key: string } | null
}

export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type SaslMechanism = (typeof SASL_MECHANISMS)[number]

/** How a Kafka cluster is reached, besides its addresses. */
export interface KafkaSecurity {
  /** Null for plain connections. */
  tls: Tls | null
  sasl: { mechanism: SaslMechanism; username: string; password: Secret } | null
}

/** Who we are to a ClickHouse server. */
export interface ClickHouseAccess {
  user: string | null
  password: Secret | null
  /** Authorities to trust instead of the system's, in PEM; null for the system's. */
  ca: string | null
}

/** Who we are to an S3 server, and where it is. */
export interface S3Access {
  /** `http(s)://host:port` of a server such as MinIO; null for Amazon's own. */
  endpoint: string | null
  /** Of Amazon's own. */
  region: string
  /** Null for a bucket that everybody may use. */
  login: { accessKey: string; secretKey: Secret } | null
}

/** How the places of archives are reached, besides the archive's address. */
export interface ArchiveAccess {
  s3: S3Access
  /** `http(s)://host:port` where a NameNode of HDFS takes WebHDFS; null for the usual port of the archive's. */
  webHdfs: string | null
}

/** The settings of {@link kafkaSecurity}, as they were given; null where they were not. */
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
 * Puts the settings of a Kafka connection together and reads the files that they name.
 * @throws Failure BAD_SETTING when they do not fit together, or a file cannot be read
 */
export function kafkaSecurity(texts: KafkaSecurityTexts): KafkaSecurity {
  const { caFile, certificateFile, keyFile, mechanism, username } = texts
  if (!texts.tls && (caFile ?? certificateFile ?? keyFile) !== null)
    throw misfit('The KAFKA_TLS_… files are only used with KAFKA_TLS=on: set it, or leave them out.')
  if ((certificateFile === null) !== (keyFile === null))
    throw misfit('KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE belong together: set both or neither.')
  const password = passwordOf('KAFKA_PASSWORD', texts.password, texts.passwordFile)
  if ((mechanism === null) !== (username === null) || (mechanism === null) !== (password === null))
    throw misfit(
      'KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD (or KAFKA_PASSWORD_FILE) belong together: set all or none.',
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
    throw misfit('KAFKA_TLS and KAFKA_SASL_MECHANISM are for the brokers of KAFKA_BROKERS: set that too.')
  return {
    tls: texts.tls ? { ca, client } : null,
    sasl:
      mechanism === null || username === null || password === null ? null : { mechanism, username, password },
  }
}

/** The settings of {@link clickhouseAccess}, as they were given; null where they were not. */
export interface ClickHouseTexts {
  url: string | null
  user: string | null
  password: string | null
  passwordFile: string | null
  caFile: string | null
}

/**
 * Takes user and password out of ClickHouse's address, so that nobody who shows the address shows them, and puts
 * them together with the settings of their own.
 * @throws Failure BAD_SETTING when they do not fit together, or a file cannot be read
 */
export function clickhouseAccess(texts: ClickHouseTexts): { url: string | null; access: ClickHouseAccess } {
  const password = passwordOf('CLICKHOUSE_PASSWORD', texts.password, texts.passwordFile)
  const ca = texts.caFile === null ? null : contents('CLICKHOUSE_CA_FILE', texts.caFile)
  if (texts.url === null) return { url: null, access: { user: texts.user, password, ca } }
  const url = new URL(texts.url)
  if (ca !== null && url.protocol !== 'https:')
    throw misfit('CLICKHOUSE_CA_FILE is only used with an https:// address in CLICKHOUSE_URL.')
  const named = decoded(url.username)
  const hidden = decoded(url.password)
  if ((named !== null && texts.user !== null) || (hidden !== null && password !== null))
    throw misfit('User and password of ClickHouse are given twice: leave them out of CLICKHOUSE_URL.')
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
 * Puts the settings of an S3 server together.
 * @throws Failure BAD_SETTING when they do not fit together, or a file cannot be read
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
      'ARCHIVE_ACCESS_KEY and ARCHIVE_SECRET_KEY (or ARCHIVE_SECRET_KEY_FILE) belong together: set both or neither.',
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
    throw misfit('In the user and password of CLICKHOUSE_URL, % must be written as %25.')
  }
}

/**
 * A password, out of its setting or the file that `<name>_FILE` names; null where neither is given.
 * @throws Failure BAD_SETTING
 */
export function passwordOf(name: string, given: string | null, file: string | null): Secret | null {
  if (given !== null && file !== null) throw misfit(`Set ${name} or ${name}_FILE, not both.`)
  if (given !== null) return new Secret(given)
  if (file === null) return null
  // Editors and `echo` end a file with a line break that is no part of the password.
  const text = contents(`${name}_FILE`, file).replace(/\r?\n$/, '')
  if (text === '') throw misfit(`${name}_FILE names ${file}, which is empty.`)
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
