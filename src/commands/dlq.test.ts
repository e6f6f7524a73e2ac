import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fixOf } from './dlq.ts'

describe('--set of dlq redrive', () => {
  const CASES: Record<string, unknown> = {
    'duration_seconds=200': { duration_seconds: 200 },
    'title=200': { title: '200' },
    'title="200"': { title: '200' },
    'title=a=b': { title: 'a=b' },
    'name=null': { name: 'null' },
    'rating=null': { rating: null },
    'completed=true': { completed: true },
    'location.city=Kyoto': { 'location.city': 'Kyoto' },
    '{"rating":4.5,"is_skipped":false}': { rating: 4.5, is_skipped: false },
  }
  for (const [text, fix] of Object.entries(CASES))
    it(`reads ${text}`, () => assert.deepEqual(fixOf(text), fix))

  for (const text of [
    'duration_seconds=long',
    'completed=1',
    'singer=Joji',
    'location=Kyoto',
    'mood',
    '{"mood"',
  ])
    it(`refuses ${text}`, () => assert.throws(() => fixOf(text), { code: 'BAD_SETTING' }))
})
