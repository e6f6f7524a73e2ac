-- What each pipeline process did, minute by minute, kept for a week. A row is what happened since the process's row
-- before, so rows of one minute add up, whichever process and however often it was started.
CREATE TABLE IF NOT EXISTS throughput_history
(
    at            DateTime64(3, 'UTC'),
    process_id    String,
    seconds       Float64,
    read          UInt64,
    read_bytes    UInt64,
    stored        UInt64,
    dead_lettered UInt64,
    skipped       UInt64,
    lag_offsets   UInt64,
    lag_seconds   Float64
)
ENGINE = MergeTree
ORDER BY at
TTL toDateTime(at) + INTERVAL 7 DAY;
