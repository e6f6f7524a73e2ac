import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { listenerId, trackId } from './name-based-id.ts'

describe('a listener', () => {
  it('has the same id in every process and every version', () => {
    // Fixed values: a change to the ids would separate every listener from earlier listens.
    assert.equal(listenerId('Maria Weeks', 'maria@example.org'), 'd367372b-d5dc-59ef-ab1a-74052a7e32f2')
  })

  it('has an id that is a UUID of version 5', () => {
    for (let index = 0; index < 100; index++)
      assert.match(
        listenerId(`name ${index}`, ''),
        /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
  })

  it('is another one with another name or another e-mail', () => {
    const ids = [
      listenerId('a', 'b@example.org'),
      listenerId('a', 'c@example.org'),
      listenerId('b', 'b@example.org'),
    ]
    assert.equal(new Set(ids).size, 3)
  })

  it('is the same one however name and e-mail were typed', () => {
    assert.equal(
      listenerId(' José  Weeks', 'J@Example.org '),
      listenerId('jose\u0301 weeks', 'j@example.org'),
    )
  })

  it('is not mistaken for another one whose name ends where its e-mail begins', () => {
    assert.notEqual(listenerId('a b', 'c'), listenerId('a', 'b c'))
    assert.notEqual(listenerId('a","b', 'c'), listenerId('a', 'b","c'))
  })
})

describe('a track', () => {
  it('has the same id in every process and every version', () => {
    assert.equal(trackId('Glimpse of Us', 'Joji'), '7574418a-9227-599a-8e1a-8265f6d6b0a1')
  })

  it('is another one by another artist', () => {
    assert.notEqual(trackId('Tokyo', 'Brockhampton'), trackId('Tokyo', 'Yasuha'))
  })

  it('has no id of a listener', () => {
    assert.notEqual(trackId('a', 'b'), listenerId('a', 'b'))
  })
})
