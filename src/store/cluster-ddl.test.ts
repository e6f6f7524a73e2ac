import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { onCluster } from './cluster-ddl.ts'
import { everyCopyOf, settingsOfInsert, settingsOfQuestion } from './cluster-settings.ts'

const cluster = { name: 'plays', database: 'music' }
const SCHEMA = new URL('../../schema/', import.meta.url)

describe('the schema on a cluster', () => {
  it('creates a replicated table per shard, and a Distributed table with the original name', () => {
    const made = onCluster(
      `-- One row a listen.
CREATE TABLE IF NOT EXISTS listens
(
    kafka_partition UInt32,
    INDEX stored_last stored_at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(stored_at)
ORDER BY (listened_at)`,
      cluster,
    )
    assert.deepEqual(made, [
      `-- One row a listen.
CREATE TABLE IF NOT EXISTS music.listens_shard ON CLUSTER 'plays'
(
    kafka_partition UInt32,
    INDEX stored_last stored_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/music/{shard}/listens', '{replica}')
PARTITION BY toYYYYMM(stored_at)
ORDER BY (listened_at)`,
      "CREATE TABLE IF NOT EXISTS music.listens ON CLUSTER 'plays' AS music.listens_shard ENGINE = Distributed('plays', 'music', 'listens_shard', kafka_partition)",
    ])
  })

  it('keeps a small table whole on every server, with what its engine goes by', () => {
    const [made, ...more] = onCluster(
      'CREATE TABLE IF NOT EXISTS dead_letters (a UInt8) ENGINE = ReplacingMergeTree(failed_at) ORDER BY a',
      cluster,
    )
    assert.equal(
      made,
      "CREATE TABLE IF NOT EXISTS music.dead_letters ON CLUSTER 'plays' (a UInt8) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/music/all/dead_letters', '{shard}-{replica}', failed_at) ORDER BY a",
    )
    assert.deepEqual(more, [])
  })

  it('changes columns of both tables, and everything else only on the shards', () => {
    assert.deepEqual(onCluster('ALTER TABLE listens ADD COLUMN IF NOT EXISTS once_key String', cluster), [
      "ALTER TABLE music.listens_shard ON CLUSTER 'plays' ADD COLUMN IF NOT EXISTS once_key String",
      "ALTER TABLE music.listens ON CLUSTER 'plays' ADD COLUMN IF NOT EXISTS once_key String",
    ])
    assert.deepEqual(
      onCluster('ALTER TABLE listens MODIFY COLUMN a UInt64 CODEC(Delta(8), ZSTD(1))', cluster),
      [
        "ALTER TABLE music.listens_shard ON CLUSTER 'plays' MODIFY COLUMN a UInt64 CODEC(Delta(8), ZSTD(1))",
        "ALTER TABLE music.listens ON CLUSTER 'plays' MODIFY COLUMN a UInt64",
      ],
    )
    assert.deepEqual(onCluster('ALTER TABLE listens MODIFY SETTING a = 0', cluster), [
      "ALTER TABLE music.listens_shard ON CLUSTER 'plays' MODIFY SETTING a = 0",
    ])
    assert.deepEqual(onCluster('ALTER TABLE songs MODIFY SETTING a = 0', cluster), [
      "ALTER TABLE music.songs ON CLUSTER 'plays' MODIFY SETTING a = 0",
    ])
  })

  it('creates the database on every server', () => {
    assert.deepEqual(onCluster('CREATE DATABASE IF NOT EXISTS music', cluster), [
      "CREATE DATABASE IF NOT EXISTS music ON CLUSTER 'plays'",
    ])
  })

  it('knows every statement of every file, and repeats only repeatable ones', async () => {
    for (const name of await readdir(SCHEMA)) {
      const text = await readFile(new URL(name, SCHEMA), 'utf8')
      for (const statement of text.split(/;\s*$/m)) {
        if (statement.trim() === '') continue
        for (const made of onCluster(statement, cluster)) {
          assert.match(made, /ON CLUSTER 'plays'/)
          assert.match(
            made,
            /IF (NOT )?EXISTS|(MODIFY (SETTING|COLUMN)|MATERIALIZE (PROJECTION|COLUMN|INDEX)) /,
          )
          assert.doesNotMatch(made, /ENGINE = (Replacing)?MergeTree/)
        }
      }
    }
  })

  it('does not guess what to do with a statement of another kind', () => {
    assert.throws(
      () => onCluster('OPTIMIZE TABLE listens FINAL', cluster),
      /not known: OPTIMIZE TABLE listens/,
    )
  })
})

describe('settings on a cluster', () => {
  it('acknowledge an INSERT when most replicas have it, one at a time in coordination tables', () => {
    assert.equal(settingsOfInsert('listens')['insert_quorum'], "'auto'")
    assert.equal(settingsOfInsert('listens')['insert_quorum_parallel'], 1)
    for (const table of ['claims', 'store_identity', 'migrations'])
      assert.equal(settingsOfInsert(table)['insert_quorum_parallel'], 0)
  })

  it('read the newest rows only where needed', () => {
    assert.match(settingsOfQuestion({ newest: true }), /select_sequential_consistency = 1/)
    assert.match(settingsOfQuestion({}), /select_sequential_consistency = 0.*skip_unavailable_shards = 0/)
  })

  it('read every copy: of a spread table its shards, of a system table itself', () => {
    assert.equal(everyCopyOf('listens', cluster), "clusterAllReplicas('plays', music, listens_shard)")
    assert.equal(everyCopyOf('system.processes', cluster), "clusterAllReplicas('plays', system, processes)")
  })
})
