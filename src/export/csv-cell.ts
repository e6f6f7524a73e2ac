// A spreadsheet would run a cell that begins with one of these, full-width signs too (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/**
 * A value as a cell of CSV (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe before it, which
 * makes it text there too. A number stays one, also a negative one, and also where it comes as text.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
