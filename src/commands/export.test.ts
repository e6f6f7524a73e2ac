import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { filterOf } from './export.ts'

describe('--filter', () => {
  const CASES: Record<string, [string, string][]> = {
    '': [],
    'genre=Pop&skipped=false': [
      ['genre', 'Pop'],
      ['skipped', 'false'],
    ],
    'genre=R&B': [['genre', 'R&B']],
    'artist=Simon & Garfunkel&mood=Calm': [
      ['artist', 'Simon & Garfunkel'],
      ['mood', 'Calm'],
    ],
    'artist=C+C Music Factory': [['artist', 'C+C Music Factory']],
    'artist=Earth, Wind & Fire = 100%': [['artist', 'Earth, Wind & Fire = 100%']],
    'title=100%': [['title', '100%']],
    'title=a=b&c=d': [['title', 'a=b&c=d']],
    'genre=Hip+Hop&genre=Drum%20%26%20Bass': [
      ['genre', 'Hip Hop'],
      ['genre', 'Drum & Bass'],
    ],
    'title=1%2B1': [['title', '1+1']],
    'user=Zoë+': [['user', 'Zoë+']],
    '?platform=Spotify': [['platform', 'Spotify']],
    'colour=red': [['colour', 'red']],
  }
  for (const [text, query] of Object.entries(CASES))
    it(`takes ${JSON.stringify(text)}`, () => assert.deepEqual([...filterOf(text)], query))
})
