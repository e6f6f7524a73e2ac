-- What may be sent again and must be stored once, such as a dead letter that is sent back or a POST that is repeated, says
-- so by a key. Empty for all others, which the index skips.
ALTER TABLE listens ADD COLUMN IF NOT EXISTS once_key String;
ALTER TABLE listens ADD INDEX IF NOT EXISTS once_keys once_key TYPE bloom_filter(0.01) GRANULARITY 1;
