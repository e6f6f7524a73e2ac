import assert from 'node:assert/strict'
import { it } from 'node:test'
import { completionRate, showRate, skipRate } from './rates.ts'

it('divides by all plays, and shows no rate without plays', () => {
  const plays = { listens: 8, completed: 6, skipped: 2 }
  assert.equal(skipRate(plays), 0.25)
  assert.equal(completionRate(plays), 0.75)
  assert.equal(skipRate({ listens: 0, skipped: 0 }), null)
  assert.equal(showRate(null), '–')
})
