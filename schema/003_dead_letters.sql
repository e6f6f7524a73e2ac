-- An index of the dead-letter topic: which records could not be stored and why. The bytes are in the topic.
-- A record that is dead-lettered again after a crash replaces its first entry.
CREATE TABLE IF NOT EXISTS dead_letters
(
    topic_id        UUID,
    kafka_partition UInt32,
    kafka_offset    UInt64,
    failed_at       DateTime64(3, 'UTC'),
    reason          LowCardinality(String),
    field           LowCardinality(String),
    message         String,
    value_bytes     UInt32
)
ENGINE = ReplacingMergeTree(failed_at)
ORDER BY (topic_id, kafka_partition, kafka_offset);
