-- Zstandard halves what a listen takes on disk, for about a tenth more work of an INSERT. Times and offsets lie in order, so
-- their differences are small.
ALTER TABLE listens MODIFY SETTING default_compression_codec = 'ZSTD(1)';
ALTER TABLE listens MODIFY COLUMN listened_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1));
ALTER TABLE listens MODIFY COLUMN kafka_offset UInt64 CODEC(Delta(8), ZSTD(1));
