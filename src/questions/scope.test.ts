import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_EXTRAS, readerOf } from '../listen/fields.ts'
import { conditionOf, EVERYONE, PERSONAL_FIELDS, readableBy, type Scope, scopeKey, shownTo } from './scope.ts'

const listen = (user_id: string) => ({
  ...NO_EXTRAS,
  ...{ id: `a-0-${user_id}`, user_id, name: 'N', email: `${user_id}@example.com`, track_id: 't', title: 'T' },
  ...{ artist: 'A', genre: 'G', timestamp: 1_770_000_000, platform: 'P', mood: 'M' },
  ...{ location: { city: 'C', country: 'D' }, duration_seconds: 200, listen_position: 20 },
  ...{ percent_listened: 10, completed: false, rating: null, is_skipped: true, stored_at: 1_770_000_001 },
  ...{ partition: 0, offset: 1 },
})
const LISTENS = ['ana', 'ben', 'cem'].map(listen)

describe('a scope', () => {
  it('of everyone reads all listens as they are', () => {
    assert.equal(conditionOf(EVERYONE), null)
    assert.deepEqual(readableBy(EVERYONE, LISTENS), LISTENS)
  })

  it('without the right to personal data does not see who listened, and sees everything else', () => {
    const seen = readableBy({ kind: 'everyone', personal: false }, LISTENS)
    assert.deepEqual(
      seen,
      LISTENS.map((each) => ({ ...each, user_id: '', name: '', email: '' })),
    )
    for (const field of PERSONAL_FIELDS)
      for (const each of seen) assert.equal(readerOf(field)(each), '', field.path)
    assert.equal(LISTENS[0]?.email, 'ana@example.com', 'the listens themselves stay as they are')
  })

  it('adds no field that is not there', () => {
    const scope: Scope = { kind: 'everyone', personal: false }
    assert.deepEqual(shownTo(scope, { mood: 'Happy' }), { mood: 'Happy' })
    assert.deepEqual(shownTo(scope, { mood: 'Happy', email: 'a@example.com' }), { mood: 'Happy', email: '' })
  })

  it('of some listeners reads theirs alone, in memory and in SQL', () => {
    const scope: Scope = { kind: 'listeners', userIds: ['ana', 'cem'], personal: true }
    assert.deepEqual(
      readableBy(scope, LISTENS).map(({ user_id }) => user_id),
      ['ana', 'cem'],
    )
    assert.deepEqual(conditionOf(scope)?.params, { scope_listeners: ['ana', 'cem'] })
    assert.deepEqual(readableBy({ kind: 'listeners', userIds: [], personal: true }, LISTENS), [])
  })

  it('has a key that no other scope has', () => {
    const scopes: Scope[] = [
      EVERYONE,
      { kind: 'everyone', personal: false },
      { kind: 'listeners', userIds: [], personal: true },
      { kind: 'listeners', userIds: ['a'], personal: true },
      { kind: 'listeners', userIds: ['a'], personal: false },
      { kind: 'listeners', userIds: ['a', 'b'], personal: true },
      { kind: 'listeners', userIds: ['a","b'], personal: true },
    ]
    assert.equal(new Set(scopes.map(scopeKey)).size, scopes.length)
  })
})
