-- Who may store which Kafka partition: the claim with the highest number. Only added to, and only a few rows each time
-- that partitions are handed out, so that the latest claim can never be lost to a clean-up.
CREATE TABLE IF NOT EXISTS claims
(
    topic_id        UUID,
    kafka_partition UInt32,
    number          UInt64,
    owner           UUID,
    claimed_at      DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (topic_id, kafka_partition, number);
