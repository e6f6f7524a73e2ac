-- Whoever asks for one listener need not wait until all others have been read: a listener's plays are in few granules. One
-- byte a listen each, and one granule in twenty read for nothing.
ALTER TABLE listens
    ADD INDEX IF NOT EXISTS of_user user_id TYPE bloom_filter(0.05) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS of_name name TYPE bloom_filter(0.05) GRANULARITY 1;
