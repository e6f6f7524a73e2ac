/** A value that may be bound into SQL as `{name:Type}`. */
export type Param = string | number | boolean | null | readonly (string | number)[]

export interface Ask {
  /** Values for the `{name:Type}` places of the SQL. User text enters SQL in no other way. */
  params?: Record<string, Param>
  /** Seconds after which the engine gives the query up; 10 unless said. */
  maxSeconds?: number
}

/**
 * ClickHouse, as the rest of Playhead sees it: the embedded engine and a cluster look the same from here.
 * Errors of the engine reject as `ClickHouseError` of `@clickhouse/client`.
 */
export interface Store {
  /** Asks a question: rows as arrays of columns, in the order of the SELECT. */
  rows<Row extends readonly unknown[]>(sql: string, ask?: Ask): Promise<Row[]>
  /** Runs a statement that returns nothing. */
  run(sql: string): Promise<void>
  /**
   * Inserts in one block, which the engine stores as one part or not at all.
   * @param into table and columns, such as `songs (title, artist)`
   * @param lines JSON arrays, one a row, in the order of the columns
   */
  insert(into: string, lines: readonly string[]): Promise<void>
  /** Resolves when the engine answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
