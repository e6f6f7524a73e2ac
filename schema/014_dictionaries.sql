-- Texts that come again and again, the lengths of songs and percents are kept as numbers into dictionaries of their parts: a
-- listen takes less than half on disk. Parts that are there are rewritten in the background and can be read meanwhile.
--
-- A column that a rollup is made of cannot be changed, so those rollups are made anew; until that is done the rows answer.
ALTER TABLE listens
    DROP PROJECTION IF EXISTS cities_by_day,
    DROP PROJECTION IF EXISTS artists_by_day,
    DROP PROJECTION IF EXISTS songs_by_day,
    DROP PROJECTION IF EXISTS ratings_by_day,
    DROP PROJECTION IF EXISTS percents_by_day;
-- In one statement, so that the parts are rewritten once. Numbers in dictionaries count as suspicious: these have few values.
ALTER TABLE listens
    MODIFY COLUMN user_id LowCardinality(String),
    MODIFY COLUMN name LowCardinality(String),
    MODIFY COLUMN email LowCardinality(String),
    MODIFY COLUMN track_id LowCardinality(String),
    MODIFY COLUMN title LowCardinality(String),
    MODIFY COLUMN artist LowCardinality(String),
    MODIFY COLUMN city LowCardinality(String),
    MODIFY COLUMN duration_seconds LowCardinality(Float64),
    MODIFY COLUMN percent_listened LowCardinality(Float32) MATERIALIZED round(100 * listen_position / duration_seconds, 1),
    MODIFY COLUMN rating LowCardinality(Nullable(Float32))
    SETTINGS allow_suspicious_low_cardinality_types = 1, alter_sync = 0;
-- A truth is one bit, and offsets mostly follow on each other.
ALTER TABLE listens MODIFY COLUMN completed Bool CODEC(T64('bit'), ZSTD(1));
ALTER TABLE listens MODIFY COLUMN is_skipped Bool CODEC(T64('bit'), ZSTD(1));
ALTER TABLE listens MODIFY COLUMN kafka_offset UInt64 CODEC(DoubleDelta, ZSTD(1));
ALTER TABLE listens
    ADD PROJECTION IF NOT EXISTS cities_by_day
    (
        SELECT toStartOfDay(listened_at), country, city, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), country, city
    ),
    ADD PROJECTION IF NOT EXISTS artists_by_day
    (
        SELECT toStartOfDay(listened_at), artist, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), artist
    ),
    ADD PROJECTION IF NOT EXISTS songs_by_day
    (
        SELECT toStartOfDay(listened_at), artist, title, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), artist, title
    ),
    ADD PROJECTION IF NOT EXISTS ratings_by_day
    (
        SELECT toStartOfDay(listened_at), rating, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), rating
    ),
    ADD PROJECTION IF NOT EXISTS percents_by_day
    (
        SELECT toStartOfDay(listened_at), floor(percent_listened), count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), floor(percent_listened)
    );
ALTER TABLE listens MATERIALIZE PROJECTION cities_by_day SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE PROJECTION artists_by_day SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE PROJECTION songs_by_day SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE PROJECTION ratings_by_day SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE PROJECTION percents_by_day SETTINGS mutations_sync = 0;
