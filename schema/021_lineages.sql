-- Leader epochs (KIP-101) of the stored records: the first offset that the pipeline read of each epoch. They show whether
-- Kafka still has the log that the stored records came from. Several rows of an epoch mean the lowest offset.
CREATE TABLE IF NOT EXISTS leader_epochs
(
    topic_id        UUID,
    kafka_partition UInt32,
    epoch           Int32,
    first_offset    UInt64
)
ENGINE = MergeTree
ORDER BY (topic_id, kafka_partition, epoch);

-- Partitions whose log lost its tail. From first_offset on, Kafka has given the offsets below end_offset to other records.
-- The replaced listens stay under the topic id they have; the new records are stored under lineage_id instead. The latest
-- lineage of a partition counts.
CREATE TABLE IF NOT EXISTS lineages
(
    topic_id        UUID,
    kafka_partition UInt32,
    lineage_id      UUID,
    first_offset    UInt64,
    end_offset      UInt64,
    noted_at        DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (topic_id, kafka_partition, noted_at);
