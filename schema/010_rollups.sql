-- Rollups, one for each kind of question, kept inside each part so that they can never disagree with the rows. They are built
-- when parts are merged and not when they are inserted, because an INSERT of some ten thousand rows would take a third
-- longer for them; the few parts that are not merged yet are read row by row.
--
-- Those that charts cut at the hours and days of any time zone go by quarters of an hour, which every zone's offset is a
-- multiple of. The others go by whole days (UTC); what a range cuts off of a day is read row by row.
ALTER TABLE listens MODIFY SETTING materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;
ALTER TABLE listens
    ADD PROJECTION IF NOT EXISTS by_quarter
    (
        SELECT toStartOfFifteenMinutes(listened_at), count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfFifteenMinutes(listened_at)
    ),
    ADD PROJECTION IF NOT EXISTS platforms_by_quarter
    (
        SELECT toStartOfFifteenMinutes(listened_at), platform, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfFifteenMinutes(listened_at), platform
    ),
    ADD PROJECTION IF NOT EXISTS genres_by_quarter
    (
        SELECT toStartOfFifteenMinutes(listened_at), genre, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfFifteenMinutes(listened_at), genre
    ),
    ADD PROJECTION IF NOT EXISTS moods_by_quarter
    (
        SELECT toStartOfFifteenMinutes(listened_at), mood, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfFifteenMinutes(listened_at), mood
    ),
    ADD PROJECTION IF NOT EXISTS moods_and_genres_by_day
    (
        SELECT toStartOfDay(listened_at), mood, genre, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), mood, genre
    ),
    ADD PROJECTION IF NOT EXISTS cities_by_day
    (
        SELECT toStartOfDay(listened_at), country, city, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), country, city
    ),
    ADD PROJECTION IF NOT EXISTS artists_by_day
    (
        SELECT toStartOfDay(listened_at), artist, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), artist
    ),
    ADD PROJECTION IF NOT EXISTS songs_by_day
    (
        SELECT toStartOfDay(listened_at), artist, title, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), artist, title
    ),
    ADD PROJECTION IF NOT EXISTS ratings_by_day
    (
        SELECT toStartOfDay(listened_at), rating, count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), rating
    ),
    ADD PROJECTION IF NOT EXISTS percents_by_day
    (
        SELECT toStartOfDay(listened_at), floor(percent_listened), count(), sum(listen_position), countIf(completed), countIf(is_skipped)
        GROUP BY toStartOfDay(listened_at), floor(percent_listened)
    );
