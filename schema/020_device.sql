-- The device or program that played the track; empty while unknown.
ALTER TABLE listens ADD COLUMN IF NOT EXISTS device LowCardinality(String);
