import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { StoredListen } from '../../../src/listen/stored.ts'
import { mergeNewestFirst } from './newest-first.ts'

const listen = (id: string, timestamp: number) => ({ id, timestamp }) as StoredListen
const ids = (listens: readonly StoredListen[]) => listens.map(({ id }) => id)
const loaded = [listen('e', 50), listen('c', 30), listen('a', 10)]

describe('mergeNewestFirst', () => {
  it('puts what arrived where its time belongs, a late one between', () => {
    const arrived = [listen('late', 40), listen('new', 60)]
    assert.deepEqual(ids(mergeNewestFirst(arrived, loaded, false)), ['new', 'e', 'late', 'c', 'a'])
  })

  it('shows each listen once, though the feed and the table both bring it', () => {
    assert.deepEqual(ids(mergeNewestFirst([listen('c', 30), listen('f', 60)], loaded, false)), [
      'f',
      'e',
      'c',
      'a',
    ])
  })

  it('leaves what is older than the loaded pages to the page it belongs to', () => {
    assert.deepEqual(ids(mergeNewestFirst([listen('old', 5)], loaded, false)), ['e', 'c', 'a'])
    assert.deepEqual(ids(mergeNewestFirst([listen('old', 5)], loaded, true)), ['e', 'c', 'a', 'old'])
  })

  it('gives back the very same list when nothing is added, so that nothing is drawn again', () => {
    assert.equal(mergeNewestFirst([], loaded, false), loaded)
    assert.equal(mergeNewestFirst([listen('c', 30)], loaded, false), loaded)
  })
})
