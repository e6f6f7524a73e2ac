/**
 * The fields of the events by their names in the store, without the position of a record in Kafka.
 */
const FIELDS =
  'listened_at, user_id, name, email, track_id, title, artist, genre, platform, city, country, mood, ' +
  'duration_seconds, listen_position, completed, rating, is_skipped'

/** SQL that writes all listens of a store to one Parquet file, compressed with zstd. */
export function parquetSql(path: string): string {
  return `INSERT INTO FUNCTION file('${path.replace(/['\\]/g, '\\$&')}', Parquet) SELECT ${FIELDS} FROM listens
    ORDER BY listened_at SETTINGS output_format_parquet_compression_method = 'zstd', max_threads = 2,
    output_format_parquet_string_as_string = 1, engine_file_truncate_on_insert = 1`
}
