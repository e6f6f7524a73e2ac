import type { StoredListen } from '../listen/stored.ts'

type Column = [name: string, of: (listen: StoredListen) => string | number | boolean | null]

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['user_id', ({ user_id }) => user_id],
  ['name', ({ name }) => name],
  ['email', ({ email }) => email],
  ['track_id', ({ track_id }) => track_id],
  ['title', ({ title }) => title],
  ['artist', ({ artist }) => artist],
  ['genre', ({ genre }) => genre],
  ['timestamp', ({ timestamp }) => timestamp],
  ['platform', ({ platform }) => platform],
  ['city', ({ location }) => location.city],
  ['country', ({ location }) => location.country],
  ['mood', ({ mood }) => mood],
  ['duration_seconds', ({ duration_seconds }) => duration_seconds],
  ['listen_position', ({ listen_position }) => listen_position],
  ['percent_listened', ({ percent_listened }) => percent_listened],
  ['completed', ({ completed }) => completed],
  ['rating', ({ rating }) => rating],
  ['is_skipped', ({ is_skipped }) => is_skipped],
]

/** The first line of a CSV file of listens. */
export function csvHeader(): string {
  return COLUMNS.map(([name]) => name).join(',')
}

/** A listen as a line of CSV (RFC 4180). */
export function csvLine(listen: StoredListen): string {
  return COLUMNS.map(([, of]) => csvCell(of(listen))).join(',')
}

/**
 * A value as a cell. Text that a spreadsheet would take for a formula gets an apostrophe before it, which makes it
 * text there too (OWASP, CSV injection).
 */
export function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
