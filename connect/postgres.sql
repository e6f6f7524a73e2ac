-- The table that connect/postgres.json fills. The connector makes one like it by itself where there is none; made by this
-- file before the first start, it has the time of the play as a time, and indexes.
CREATE TABLE listens (
    __connect_topic     text NOT NULL,
    __connect_partition integer NOT NULL,
    __connect_offset    bigint NOT NULL,
    user_id             text NOT NULL,
    name                text NOT NULL,
    email               text,
    track_id            text,
    title               text NOT NULL,
    artist              text NOT NULL,
    genre               text NOT NULL,
    "timestamp"         double precision NOT NULL,
    listened_at         timestamptz GENERATED ALWAYS AS (to_timestamp("timestamp")) STORED,
    platform            text NOT NULL,
    city                text NOT NULL,
    country             text NOT NULL,
    mood                text NOT NULL,
    duration_seconds    double precision NOT NULL,
    listen_position     double precision NOT NULL,
    completed           boolean,
    rating              double precision,
    is_skipped          boolean,
    album               text,
    device              text,
    PRIMARY KEY (__connect_topic, __connect_partition, __connect_offset)
);
CREATE INDEX listens_by_time ON listens (listened_at);
CREATE INDEX listens_by_user ON listens (user_id, listened_at);
