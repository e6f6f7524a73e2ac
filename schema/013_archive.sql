-- What the store has dropped because an archive holds it: of each partition the offsets from its first on. They count as
-- stored, so that the pipeline goes on after them, and questions can read them from the archive.
CREATE TABLE IF NOT EXISTS dropped_listens
(
    run             UInt32,
    topic_id        UUID,
    kafka_partition UInt32,
    first_offset    UInt64,
    -- The offset after the last.
    end_offset      UInt64,
    listens         UInt64,
    dropped_at      DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(dropped_at)
ORDER BY (topic_id, kafka_partition, first_offset);
-- The once keys of dropped listens: what bears one of them is left out however late it is sent again.
CREATE TABLE IF NOT EXISTS dropped_once_keys
(
    once_key String
)
ENGINE = ReplacingMergeTree
ORDER BY once_key;
-- Restores from an archive that were begun and ended, so that one that was cut short can go on.
CREATE TABLE IF NOT EXISTS restores
(
    archive String,
    ended   Bool,
    at      DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY at;
