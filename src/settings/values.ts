import { Failure } from '../runtime/failure.ts'

/**
 * Parses the text of a setting.
 * @throws Failure BAD_SETTING naming the setting and what it must be
 */
export type Read = (text: string, name: string) => unknown

/** One setting: a flag and an environment variable. */
export interface Setting {
  /** Null for a secret: flags are visible in the list of processes. */
  flag: string | null
  variable: string
  default: string
  help: string
  read: Read
}

function bad(name: string, text: string, expected: string): Failure {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
  return new Failure('BAD_SETTING', `${name} is ${shown}, but it must be ${expected}.`)
}

export const asPort: Read = (text, name) => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw bad(name, text, 'a port from 1 to 65535')
  return port
}

export const asNumber: Read = (text, name) => {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number) || number < 0)
    throw bad(name, text, 'a number of at least 0')
  return number
}

export const asText: Read = (text, name) => {
  if (text.trim() === '') throw bad(name, text, 'a text that is not empty')
  return text
}

export const asTopic: Read = (text, name) => {
  if (!/^[A-Za-z0-9._-]{1,245}$/.test(text))
    throw bad(name, text, 'a topic name (letters, digits, dot, underscore, hyphen; at most 245)')
  return text
}

export const asBrokers: Read = (text, name) => {
  if (text.trim() === '') return null
  const brokers = text.split(',').map((broker) => broker.trim())
  for (const broker of brokers)
    if (!/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/.test(broker))
      throw bad(name, text, 'host:port[,host:port…]')
  return brokers
}

/** The name becomes part of SQL statements that cannot take a bound value. */
export const asClusterName: Read = (text, name) => {
  if (text === '') return null
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw bad(name, text, 'the name of a cluster (letters, digits, underscore, hyphen; at most 64)')
  return text
}

export const asUrl: Read = (text, name) => {
  if (text.trim() === '') return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    // The address may contain a password, so the message does not repeat it.
    throw new Failure(
      'BAD_SETTING',
      `${name} must be the http:// or https:// address of a ClickHouse server.`,
    )
  if (url.password !== '' && name.startsWith('--'))
    throw new Failure(
      'BAD_SETTING',
      `${name} contains a password, which is visible in the list of processes. Set CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE instead.`,
    )
  return text
}

export const asOneOf =
  (values: readonly string[]): Read =>
  (text, name) => {
    if (!values.includes(text)) throw bad(name, text, `one of ${values.join(', ')}`)
    return text
  }

/** An optional text. */
export const asGiven: Read = (text) => (text === '' ? null : text)

export const asSwitch: Read = (text, name) => asOneOf(['on', 'off'])(text, name) === 'on'

/** `http(s)://host:port` and nothing else, so that it cannot contain a password. */
export const asOrigin: Read = (text, name) => {
  if (text.trim() === '') return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol) || text.replace(/\/$/, '') !== url.origin)
    throw new Failure('BAD_SETTING', `${name} must be http://host:port or https://host:port, without a path.`)
  return url.origin
}

export const asRegion: Read = (text, name) => {
  if (!/^[a-z0-9-]{1,40}$/.test(text)) throw bad(name, text, 'a region such as eu-central-1')
  return text
}

const UNIT_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000 }

/** A duration such as 90d or 12h, in milliseconds; null if not set. */
export const asSpan: Read = (text, name) => {
  if (text === '') return null
  const [, count = '', unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? []
  const span = Number(count) * (UNIT_MS[unit] ?? 0)
  if (span <= 0) throw bad(name, text, 'a number of days or hours, such as 90d or 12h')
  return span
}
