/**
 * A text as a ClickHouse SQL literal. Only for text that cannot be bound, such as arguments of a
 * table function in the embedded engine, where bound values would serialise concurrent statements.
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
