import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLottery } from './lottery.ts'
import { createRandom } from './random.ts'

const numbers = (seed: number, purpose: string) => {
  const random = createRandom(seed, purpose)
  return Array.from({ length: 50 }, () => random.next())
}

describe('chance', () => {
  it('is the same for the same seed and purpose, and for no other', () => {
    assert.deepEqual(numbers(7, 'a'), numbers(7, 'a'))
    assert.notDeepEqual(numbers(7, 'a'), numbers(8, 'a'))
    assert.notDeepEqual(numbers(7, 'a'), numbers(7, 'b'))
  })

  it('is spread evenly from 0 to 1', () => {
    const random = createRandom(1, 'spread')
    const tenths = new Array<number>(10).fill(0)
    for (let index = 0; index < 100_000; index++) {
      const number = random.next()
      assert.ok(number >= 0 && number < 1)
      const tenth = Math.floor(number * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) assert.ok(Math.abs(count - 10_000) < 500, `${count} in a tenth`)
  })

  it('picks nothing from nothing', () => {
    assert.throws(() => createRandom(1, 'none').pick([]), RangeError)
  })
})

describe('a lottery', () => {
  it('draws each item as often as its weight says', () => {
    const random = createRandom(1, 'lottery')
    const lottery = createLottery(['once', 'thrice', 'six times'], (_, index) => [1, 3, 6][index] ?? 0)
    const drawn = Object.groupBy(
      Array.from({ length: 100_000 }, () => lottery.draw(random)),
      (item) => item,
    )
    assert.ok(Math.abs((drawn['once']?.length ?? 0) - 10_000) < 500)
    assert.ok(Math.abs((drawn['thrice']?.length ?? 0) - 30_000) < 750)
    assert.ok(Math.abs((drawn['six times']?.length ?? 0) - 60_000) < 750)
  })

  it('needs something to draw', () => {
    assert.throws(() => createLottery([], () => 1), RangeError)
  })
})
