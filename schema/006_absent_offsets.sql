-- Offsets that the topic does not hold: transaction markers, what was gone before this store began, and what retention
-- took before it was read. Likewise those of records that repeat a listen which is stored under its once key. With them every offset below the highest is a listen, a dead letter or absent; whatever is
-- none of the three the store has lost, and it is read again.
CREATE TABLE IF NOT EXISTS absent_offsets
(
    topic_id        UUID,
    kafka_partition UInt32,
    first_offset    UInt64,
    -- The offset after the last.
    end_offset      UInt64,
    noted_at        DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(noted_at)
ORDER BY (topic_id, kafka_partition, first_offset);
