import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseView, viewParams } from './view-state.ts'

describe('the view in the address', () => {
  it('comes back as it was written', () => {
    for (const address of [
      '',
      'artist=The+Who&artist=AC%2FDC&genre=R%26B&sort=rating&order=asc',
      'rating=4.5&rating=none&completed=false&skipped=true',
      'title=Levels&range=30d&compare=no&zone=Asia%2FTokyo&measure=time&stack=genre&versus=genre%3APop',
      'from=2026-11-01&to=2026-11-02',
    ])
      assert.equal(viewParams(parseView(address)).toString(), address)
  })

  it('leaves out what the page does not know, so that an old or mistyped link opens', () => {
    const view = parseView(
      'measure=weight&stack=colour&zone=Mars&versus=x&sort=password&order=up&rating=9&skipped=perhaps&colour=red&genre=&genre=Pop&genre=Pop',
    )
    assert.deepEqual(view, { ...parseView(''), filters: { genre: ['Pop'] } })
  })
})
