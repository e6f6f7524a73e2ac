import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isLost, startOf, within } from './resume.ts'

const range = (from: number, to: number) => ({ partition: 0, from, to })
const point = (handled: number, lost: readonly [number, number][] = []) => ({
  stored: handled,
  indexed: -1,
  handled,
  lost: lost.map(([from, to]) => range(from, to)),
})

describe('where reading of a partition starts', () => {
  it('is the first record of the topic in a new store, and nothing counts as missing', () => {
    const start = startOf(0, undefined, undefined, 40)
    assert.deepEqual([start.position, start.behind, start.missing], [40, 0, []])
    assert.deepEqual(start.absent, [range(0, 40)])
  })

  it('is after the stored offsets, although the group has committed less', () => {
    assert.equal(startOf(0, point(99), 80, 0).position, 80)
    assert.equal(startOf(0, point(99), undefined, 0).position, 100)
  })

  it('is after the stored offsets, although the group has committed more', () => {
    const start = startOf(0, point(49), 60, 0)
    assert.deepEqual([start.position, start.behind], [50, 10])
  })

  it('goes back to the first offset that the store lost', () => {
    assert.equal(startOf(0, point(99, [[30, 33]]), 100, 0).position, 30)
  })

  it('is never before the first record of the topic; expected offsets before it are missing', () => {
    const start = startOf(0, point(99, [[30, 33]]), 100, 110)
    assert.equal(start.position, 110)
    assert.deepEqual(start.missing, [range(30, 33), range(100, 110)])
  })
})

describe('ranges of offsets', () => {
  it('are clipped to a range', () => {
    assert.deepEqual(within([range(0, 5), range(8, 9), range(20, Infinity)], 3, 25), [
      range(3, 5),
      range(8, 9),
      range(20, 25),
    ])
  })

  it('are searched by bisection', () => {
    const lost = Array.from({ length: 50 }, (_, n) => range(10 * n + 3, 10 * n + 5))
    for (let offset = 0; offset < 510; offset += 1)
      assert.equal(
        isLost(lost, offset),
        offset < 500 && (offset % 10 === 3 || offset % 10 === 4),
        `${offset}`,
      )
  })
})
