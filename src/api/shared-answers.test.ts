import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSharedAnswers } from './shared-answers.ts'

describe('shared answers', () => {
  it('asks once for all who wait, and again for who comes later', async () => {
    const share = createSharedAnswers()
    let asked = 0
    const ask = async () => {
      asked += 1
      return asked
    }
    assert.deepEqual(await Promise.all([share('a', ask), share('a', ask), share('b', ask)]), [1, 1, 2])
    assert.equal(await share('a', ask), 3)
  })

  it('lets all who wait hear of a failure, and asks again afterwards', async () => {
    const share = createSharedAnswers()
    const fail = async () => {
      throw new Error('no store')
    }
    const results = await Promise.allSettled([share('a', fail), share('a', fail)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await share('a', async () => 'back'), 'back')
  })
})
