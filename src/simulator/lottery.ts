import type { Random } from './random.ts'

/** Draws items at random by weight. */
export interface Lottery<T> {
  draw(random: Random): T
}

/**
 * @param weightOf relative frequency of an item; above 0
 * @throws RangeError if there are no items
 */
export function createLottery<T>(
  items: readonly T[],
  weightOf: (item: T, index: number) => number,
): Lottery<T> {
  if (items.length === 0) throw new RangeError('A lottery needs items.')
  const upTo = new Float64Array(items.length)
  let total = 0
  for (const [index, item] of items.entries()) {
    total += weightOf(item, index)
    upTo[index] = total
  }
  return {
    draw(random) {
      const ticket = random.next() * total
      let low = 0
      let high = items.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if (ticket < (upTo[middle] ?? total)) high = middle
        else low = middle + 1
      }
      return items[low] as T
    },
  }
}
