import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openEmbeddedStore } from './clickhouse.ts'

const ROWS = 400_000
const DIFFERENT = 40_000

test('a part of the embedded engine keeps each of many texts once, also when it was merged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'playhead-engine-'))
  try {
    const store = await openEmbeddedStore(join(folder, 'a folder & <its> "name"'))
    await store.run('CREATE TABLE texts (word LowCardinality(String)) ENGINE = MergeTree ORDER BY tuple()')
    for (const _part of [1, 2])
      await store.run(
        `INSERT INTO texts SELECT concat('a text of some length ', toString(sipHash64(number) % ${DIFFERENT})) FROM numbers(${ROWS})`,
      )
    await store.run('OPTIMIZE TABLE texts FINAL')
    const [[rows, bytes, length] = [0, 0, 0]] = await store.rows<[number, number, number]>(
      `SELECT (SELECT count() FROM texts), sum(column_data_uncompressed_bytes),
         (SELECT sum(length(toString(word)) + 4) FROM (SELECT DISTINCT word FROM texts))
       FROM system.parts_columns WHERE table = 'texts' AND active`,
    )
    await store.close()
    assert.equal(rows, 2 * ROWS)
    // Four bytes for the number of each row, and the texts themselves; not once for each granule.
    assert.ok(
      bytes < 4.2 * rows + 1.5 * length,
      `${bytes} bytes for ${rows} rows of ${length} bytes of texts`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
