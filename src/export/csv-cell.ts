// A spreadsheet runs a cell that begins with one of these, full-width ones included (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NUMBER = /^[+-]?\d+(\.\d+)?$/

/**
 * A value as a CSV cell (RFC 4180). A text that a spreadsheet would run as a formula gets a leading
 * apostrophe. Numbers stay unchanged, including negative ones and numbers in texts.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
