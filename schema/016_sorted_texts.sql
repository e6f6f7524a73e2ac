-- Between which texts those of a granule lie, as the table of listens sorts them: who asks for the first or the last of
-- millions reads a few granules instead of all. Some bytes a granule.
ALTER TABLE listens
    ADD INDEX IF NOT EXISTS names_in_order lowerUTF8(toString(name)) TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS titles_in_order lowerUTF8(toString(title)) TYPE minmax GRANULARITY 1,
    ADD INDEX IF NOT EXISTS artists_in_order lowerUTF8(toString(artist)) TYPE minmax GRANULARITY 1;
ALTER TABLE listens MATERIALIZE INDEX names_in_order SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE INDEX titles_in_order SETTINGS mutations_sync = 0;
ALTER TABLE listens MATERIALIZE INDEX artists_in_order SETTINGS mutations_sync = 0;
