import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VALUES_FIELDS } from '../listen/fields.ts'
import { whereOf } from './filter.ts'

describe('the condition of a filter', () => {
  it('is always true where nothing is filtered', () => {
    for (const filter of [{}, { title: [] }, { completed: ['true' as const, 'false' as const] }])
      assert.deepEqual(whereOf(filter), { sql: '1', params: {} })
  })

  it('binds what was given and never contains it', () => {
    const hostile = "'; DROP TABLE listens --"
    const filter = Object.fromEntries(VALUES_FIELDS.map(({ filter: { name } }) => [name, [hostile]]))
    const { sql, params } = whereOf({ ...filter, user: [hostile], zone: hostile, hour: [1] })
    assert.ok(!sql.includes('DROP'))
    for (const {
      column,
      filter: { name },
    } of VALUES_FIELDS) {
      assert.ok(sql.includes(`${column} IN {${name}:Array(String)}`))
      assert.deepEqual(params[name], [hostile])
    }
  })

  it('joins all filters', () => {
    assert.deepEqual(whereOf({ skipped: ['false'], rating: ['none', '4.5'], from: '5', percent_to: 50 }), {
      sql:
        'NOT is_skipped AND ifNull(rating, -1) IN {rating:Array(Float32)} AND percent_listened < {percent_to:Float32} ' +
        "AND listened_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')",
      params: { rating: [-1, 4.5], from: 5_000, percent_to: 50 },
    })
  })
})
