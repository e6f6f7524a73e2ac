-- One row a listen. Where the record stood in Kafka (topic_id, kafka_partition, kafka_offset) is its identity.
-- Partitioned by the month in which it was stored, which is one value for a whole batch, so that an INSERT makes
-- one part and is atomic.
CREATE TABLE IF NOT EXISTS listens
(
    topic_id         UUID,
    kafka_partition  UInt32,
    kafka_offset     UInt64,
    stored_at        DateTime64(3, 'UTC'),
    listened_at      DateTime64(3, 'UTC'),
    user_id          String,
    name             String,
    email            String,
    track_id         String,
    title            String,
    artist           String,
    genre            LowCardinality(String),
    platform         LowCardinality(String),
    city             String,
    country          LowCardinality(String),
    mood             LowCardinality(String),
    duration_seconds Float64,
    listen_position  Float64,
    percent_listened Float32 MATERIALIZED round(100 * listen_position / duration_seconds, 1),
    completed        Bool,
    rating           Nullable(Float32),
    is_skipped       Bool,
    -- The live feed reads what was stored last without reading the rest.
    INDEX stored_last stored_at TYPE minmax GRANULARITY 1,
    -- Kept inside each part, so it can never disagree with the rows: how far each Kafka partition has been stored.
    PROJECTION resume_points
    (
        SELECT topic_id, kafka_partition, max(kafka_offset), count()
        GROUP BY topic_id, kafka_partition
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(stored_at)
ORDER BY (listened_at, topic_id, kafka_partition, kafka_offset);
