import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { documentId, eventId } from './documents.ts'

describe('the id of a document', () => {
  it('is the text itself wherever Firestore allows it', () => {
    for (const text of ['Glimpse of Us', '夜に駆ける', '100 %', '...', '__', '.hidden', '__init', 'a.b'])
      assert.equal(documentId(text), text)
  })

  it('escapes what Firestore forbids, each text to another id', () => {
    const texts = [
      'AC/DC',
      'AC%2FDC',
      'AC%252FDC',
      '.',
      '..',
      '%2E',
      '%2E%2E',
      '__all__',
      '%5F%5Fall__',
      '____',
    ]
    const ids = texts.map(documentId)
    for (const id of ids) {
      assert.ok(!id.includes('/') && id !== '.' && id !== '..' && !/^__.*__$/.test(id), id)
      assert.ok(id.length > 0)
    }
    assert.equal(new Set([...ids, ...texts.slice(0, 1)]).size, texts.length + 1)
  })

  it('stays below the size limit, and distinguishes long texts', () => {
    const [one, other] = [documentId(`${'夜'.repeat(500)}a`), documentId(`${'夜'.repeat(500)}b`)]
    assert.ok(Buffer.byteLength(one) <= 1_500)
    assert.notEqual(one, other)
  })
})

describe('the id of an event', () => {
  const handed = (id: string, onceKey = '') => ({ id, onceKey }) as Parameters<typeof eventId>[0]

  it('is the place in the topic, spread by a hash', () => {
    assert.match(eventId(handed('topic/3/4711')), /^[0-9a-f]{4}-topic-3-4711$/)
    const beginnings = Array.from({ length: 50 }, (_, offset) => eventId(handed(`topic/3/${offset}`))[0])
    assert.ok(new Set(beginnings).size > 8)
  })

  it('is the same for all records with the same once key', () => {
    assert.equal(eventId(handed('topic/3/1', 'a/b')), eventId(handed('topic/4/2', 'a/b')))
    assert.notEqual(eventId(handed('topic/3/1', 'a')), eventId(handed('topic/3/1', 'b')))
  })
})
