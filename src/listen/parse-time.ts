/**
 * Reads a time of a filter: ISO 8601 or seconds since 1970.
 * @returns milliseconds since 1970, or null
 */
export function parseTime(text: string): number | null {
  const milliseconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  // The range of DateTime64.
  return Number.isFinite(milliseconds) && milliseconds >= -2e12 && milliseconds < 1e13
    ? Math.round(milliseconds)
    : null
}
