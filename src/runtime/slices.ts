/** The most that one slice may hold. */
export interface SliceLimits {
  records: number
  bytes: number
}

/** Splits a list into consecutive slices within limits. An item that alone has more bytes is a slice. */
export function* slicesOf<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  limits: SliceLimits,
): Generator<Item[]> {
  let from = 0
  let bytes = 0
  for (const [at, item] of items.entries()) {
    const size = bytesOf(item)
    if (at > from && (bytes + size > limits.bytes || at - from === limits.records)) {
      yield items.slice(from, at)
      from = at
      bytes = 0
    }
    bytes += size
  }
  if (from < items.length) yield items.slice(from)
}
