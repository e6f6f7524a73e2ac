-- The album that a track was played from; empty while unknown.
ALTER TABLE listens ADD COLUMN IF NOT EXISTS album LowCardinality(String);
