-- The catalogue: the songs Playhead started with and each one that an event or a person brought since.
-- Adding the same song again replaces it, so adding can be repeated after a crash.
CREATE TABLE IF NOT EXISTS songs
(
    title    String,
    artist   String,
    genre    LowCardinality(String),
    added_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (artist, title);
