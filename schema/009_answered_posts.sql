-- What was answered to a POST that bore an Idempotency-Key, so that a repeat gets the same answer; kept for a day. That a
-- repeat is stored once does not depend on it: the record's once key does that.
CREATE TABLE IF NOT EXISTS answered_posts
(
    idempotency_key String,
    body_hash       String,
    answer          String,
    answered_at     DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY idempotency_key
TTL toDateTime(answered_at) + INTERVAL 1 DAY;
