import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeListen } from '../../../src/listen/decode.ts'
import { checkDraft, type Draft, EMPTY_DRAFT, toListen } from './draft.ts'

const DRAFT: Draft = {
  ...EMPTY_DRAFT,
  name: ' Ann ',
  title: 'Levels',
  artist: 'Avicii',
  genre: 'EDM',
  platform: 'Spotify',
  city: 'Oslo',
  country: 'Norway',
  mood: 'Happy',
  duration: '3:20',
  position: '160',
  rating: 4.5,
  completed: 'auto',
}

describe('the draft of the form', () => {
  it('without errors is a listen that the server accepts', () => {
    assert.deepEqual(checkDraft(DRAFT), {})
    const sent = { ...toListen(DRAFT), user_id: 'u', timestamp: 1_764_000_000 }
    const decoded = decodeListen(Buffer.from(JSON.stringify(sent)), Date.now())
    assert.ok(decoded.ok)
    assert.equal(decoded.listen.name, 'Ann')
    assert.equal(decoded.listen.duration_seconds, 200)
    assert.equal(decoded.listen.completed, true)
    assert.equal(decoded.listen.rating, 4.5)
  })

  it('says of each field what is missing', () => {
    const errors = checkDraft(EMPTY_DRAFT)
    const asked = [
      'name',
      'title',
      'artist',
      'genre',
      'platform',
      'city',
      'country',
      'mood',
      'duration',
      'position',
    ]
    assert.deepEqual(Object.keys(errors).sort(), asked.sort())
  })

  it('lets the person decide on completed, whatever the position', () => {
    assert.equal(toListen({ ...DRAFT, completed: 'no' }).completed, false)
    assert.equal(toListen({ ...DRAFT, position: '5', completed: 'yes' }).completed, true)
    assert.equal('completed' in toListen(DRAFT), false)
  })
})
