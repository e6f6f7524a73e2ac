/** Priority queue of items by due time. */
export interface Queue<T> {
  readonly size: number
  /** Due time of the first item; infinity if empty. */
  due(): number
  add(due: number, item: T): void
  /** @throws RangeError if it is empty */
  take(): T
}

/** A binary heap. Items with the same due time have no order. */
export function createQueue<T>(): Queue<T> {
  const dues: number[] = []
  const items: T[] = []

  const put = (at: number, due: number, item: T) => {
    dues[at] = due
    items[at] = item
  }

  return {
    get size() {
      return items.length
    },
    due: () => dues[0] ?? Number.POSITIVE_INFINITY,
    add(due, item) {
      let at = items.length
      while (at > 0) {
        const parent = (at - 1) >> 1
        if ((dues[parent] as number) <= due) break
        put(at, dues[parent] as number, items[parent] as T)
        at = parent
      }
      put(at, due, item)
    },
    take() {
      if (items.length === 0) throw new RangeError('The queue is empty.')
      const first = items[0] as T
      const due = dues.pop() as number
      const item = items.pop() as T
      const size = items.length
      if (size === 0) return first
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= size) break
        if (child + 1 < size && (dues[child + 1] as number) < (dues[child] as number)) child++
        if ((dues[child] as number) >= due) break
        put(at, dues[child] as number, items[child] as T)
        at = child
      }
      put(at, due, item)
      return first
    },
  }
}
