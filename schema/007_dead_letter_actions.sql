-- What a person did about dead letters: sent them back or dropped them. Only added to, so that it can be traced.
CREATE TABLE IF NOT EXISTS dead_letter_actions
(
    topic_id        UUID,
    kafka_partition UInt32,
    kafka_offset    UInt64,
    acted_at        DateTime64(3, 'UTC'),
    action          Enum8('redriven' = 1, 'dropped' = 2),
    -- The fields that were given other values, as JSON; empty for none.
    fix             String,
    -- Under which of all copies only one is stored, and where this copy stands; empty where it was dropped.
    once_key        String,
    sent_partition  Nullable(UInt32),
    sent_offset     Nullable(UInt64)
)
ENGINE = MergeTree
ORDER BY (topic_id, kafka_partition, kafka_offset, acted_at);
