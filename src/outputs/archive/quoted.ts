/**
 * A text as a literal of ClickHouse's SQL. Only for what cannot be bound, such as the arguments of a table function in a
 * statement that the embedded engine runs beside others: bound values would make all of them wait for each other.
 */
export function quoted(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\0')
  return `'${escaped}'`
}
