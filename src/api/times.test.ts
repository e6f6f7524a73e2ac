import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RequestError } from './error.ts'
import { settleTimes } from './times.ts'

const settled = (filter: Parameters<typeof settleTimes>[0]) => {
  settleTimes(filter)
  return filter
}

describe('the times of a filter', () => {
  it('are by the clock of its zone', () => {
    assert.deepEqual(settled({ from: '2026-11-23', to: '2026-11-23T08:00', zone: 'asia/tokyo' }), {
      from: '1795359600',
      to: '1795388400',
      zone: 'Asia/Tokyo',
    })
    assert.deepEqual(settled({ from: '2026-11-23' }), { from: '1795392000' })
    assert.deepEqual(settled({}), {})
  })

  it('do not depend on the time zone of the process', () => {
    const before = process.env['TZ']
    try {
      for (const zone of ['America/New_York', 'Asia/Tokyo', 'UTC']) {
        process.env['TZ'] = zone
        assert.deepEqual(settled({ from: '2026-11-23T00:00', to: '2026-11-24' }), {
          from: '1795392000',
          to: '1795478400',
        })
      }
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  })

  it('have one name for a zone, in however many ways it is spelled', () => {
    const letters = [...'america/argentina/buenos_aires']
    const spellings = Array.from({ length: 5_000 }, (_, number) =>
      letters.map((letter, at) => ((number >> (at % 13)) & 1 ? letter.toUpperCase() : letter)).join(''),
    )
    assert.ok(new Set(spellings).size === 5_000)
    assert.equal(new Set(spellings.map((zone) => settled({ zone }).zone)).size, 1)
  })

  it('are refused where they are none, by the name of the parameter', () => {
    for (const [filter, field] of [
      [{ from: '2026-02-30' }, 'from'],
      [{ to: 'tomorrow' }, 'to'],
      [{ zone: 'Mars', from: 'x' }, 'zone'],
    ] as const)
      assert.throws(
        () => settleTimes({ ...filter }),
        (error) =>
          error instanceof RequestError && error.statusCode === 400 && error.body.error.field === field,
      )
  })
})
