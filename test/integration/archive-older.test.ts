import assert from 'node:assert/strict'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EXTRA_FIELDS, type Field } from '../../src/listen/fields.ts'
import { archiveAddress } from '../../src/outputs/archive/address.ts'
import { archiveStored } from '../../src/outputs/archive/archive.ts'
import { dropArchived } from '../../src/outputs/archive/keep.ts'
import { restoreArchive } from '../../src/outputs/archive/restore.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'
import type { Store } from '../../src/store/store.ts'
import { fingerprint, storeStretch } from '../support/archive.ts'

const ROWS = 500
const NOW = Date.parse('2026-03-10T00:00:00Z')
const signal = new AbortController().signal
const COLUMNS = (EXTRA_FIELDS as readonly Field[]).map(({ column }) => column)

/** The checksum of the first archives, computed as they did. */
const FIRST_CHECKSUM = `SELECT toString(sum(cityHash64(toString(topic_id), toInt32(kafka_partition), toInt64(kafka_offset),
  stored_at, listened_at, CAST(user_id AS String), CAST(name AS String), CAST(email AS String), CAST(track_id AS String),
  CAST(title AS String), CAST(artist AS String), CAST(genre AS String), CAST(platform AS String), CAST(city AS String),
  CAST(country AS String), CAST(mood AS String), CAST(duration_seconds AS Float64), CAST(listen_position AS Float64),
  CAST(percent_listened AS Float32), completed, ifNull(rating, -1), is_skipped, once_key))) FROM listens`

describe('an archive from before the extra fields', () => {
  let directory: string
  let store: Store
  let address: ReturnType<typeof archiveAddress>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'playhead-older-'))
    address = archiveAddress(join(directory, 'archive'), 'ARCHIVE', {
      access: { s3: { endpoint: null, region: 'us-east-1', login: null }, webHdfs: null },
      embedded: true,
    })
    store = await openEmbeddedStore(join(directory, 'store'))
    await migrate(store)
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('keeps its checksums, and is read and restored without them', async () => {
    await storeStretch(store, { partition: 0, from: 0, count: ROWS, storedAt: '2026-03-01 12:00:00' })
    const forget = COLUMNS.map((column) => `${column} = ''`).join(', ')
    await store.run(`ALTER TABLE listens UPDATE ${forget} WHERE 1 SETTINGS mutations_sync = 2`)
    const known = await fingerprint(store)
    const { runs } = await archiveStored(store, address, { openHour: true, signal, now: () => NOW })
    const [[checksum] = ['']] = await store.rows<[string]>(FIRST_CHECKSUM)
    assert.deepEqual(
      runs.flatMap(({ contents }) => contents.map((one) => one.checksum)),
      [checksum],
    )

    // The file as it was written before: without the columns.
    const file = join(directory, 'archive', 'day=2026-03-01', '00000001.parquet')
    await store.run(
      `INSERT INTO FUNCTION file('${file}.older', 'Parquet')
       SELECT * EXCEPT (${COLUMNS.join(', ')}) FROM file('${file}', 'Parquet')`,
    )
    await rename(`${file}.older`, file)
    assert.equal(await dropArchived(store, address, runs, { keepMs: 0, signal, now: () => NOW }), ROWS)
    await store.run('TRUNCATE TABLE dropped_listens')
    const compared = await restoreArchive(store, address, { signal })
    assert.deepEqual(
      compared?.map(({ agrees }) => agrees),
      [true],
    )
    assert.deepEqual(await fingerprint(store), known)
  })
})
