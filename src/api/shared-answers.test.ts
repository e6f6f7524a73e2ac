import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EVERYONE, type Scope } from '../questions/scope.ts'
import { createSharedAnswers } from './shared-answers.ts'

describe('shared answers', () => {
  it('asks once for all who wait, and again for who comes later', async () => {
    const share = createSharedAnswers()
    let asked = 0
    const ask = async () => {
      asked += 1
      return asked
    }
    assert.deepEqual(
      await Promise.all([share(EVERYONE, 'a', ask), share(EVERYONE, 'a', ask), share(EVERYONE, 'b', ask)]),
      [1, 1, 2],
    )
    assert.equal(await share(EVERYONE, 'a', ask), 3)
  })

  it('gives no answer of one scope to another', async () => {
    const share = createSharedAnswers()
    const scopes: Scope[] = [
      EVERYONE,
      { kind: 'everyone', personal: false },
      { kind: 'listeners', userIds: ['a'], personal: true },
      { kind: 'listeners', userIds: ['b'], personal: true },
      { kind: 'listeners', userIds: ['a', 'b'], personal: true },
      { kind: 'listeners', userIds: ['a,b'], personal: true },
    ]
    let asked = 0
    const ask = async () => ++asked
    assert.deepEqual(
      await Promise.all([...scopes, ...scopes].map((scope) => share(scope, 'a', ask))),
      [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
    )
  })

  it('lets all who wait hear of a failure, and asks again afterwards', async () => {
    const share = createSharedAnswers()
    const fail = async () => {
      throw new Error('no store')
    }
    const results = await Promise.allSettled([share(EVERYONE, 'a', fail), share(EVERYONE, 'a', fail)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await share(EVERYONE, 'a', async () => 'back'), 'back')
  })
})
