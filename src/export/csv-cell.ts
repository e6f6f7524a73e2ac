// A spreadsheet would run a cell that begins with one of these.
const FORMULA = /^[=+\-@\t\r]/

/**
 * A value as a cell of CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe before it, which
 * makes it text there too (OWASP, CSV injection).
 */
export function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
