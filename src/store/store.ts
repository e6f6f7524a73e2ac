/** A value that may be bound into SQL as `{name:Type}`. */
export type Param = string | number | boolean | null | readonly (string | number)[]

/** The table and the columns that an INSERT fills. */
export interface InsertTarget {
  table: string
  columns: readonly string[]
}

/** What an INSERT depends on: it fails, whole, unless `condition` holds when the store begins it. */
export interface Guard {
  /** Names and types of the columns, as in `title String, artist String`. */
  structure: string
  /** SQL that is true, or throws. */
  condition: string
  params: Record<string, Param>
}

export interface Ask {
  /** Values for the `{name:Type}` places of the SQL. User text enters SQL in no other way. */
  params?: Record<string, Param>
  /** Seconds after which the engine gives the query up; 10 unless said. */
  maxSeconds?: number
  /** For what may take long: it has a connection of its own, so that no question and no INSERT waits for it. */
  background?: boolean
  /** Settings of the engine besides, as they stand in SQL; nothing from outside. */
  settings?: string
  /**
   * Where the store is a cluster: whether the answer must count all that was stored through any server before. For the tables
   * that are on every server and are written in turn; see `clickhouse.ts`.
   */
  newest?: boolean
  /** Where the store is a cluster: whether servers that do not answer are left out, and not an error. */
  withoutDead?: boolean
}

/**
 * ClickHouse, as the rest of Playhead sees it: the embedded engine and a cluster look the same from here.
 * Errors of the engine reject as `ClickHouseError` of `@clickhouse/client`, those of an INSERT into the embedded one as
 * `ChdbInsertError` of `chdb`; the message of both names the engine's own error.
 */
export interface Store {
  /** Asks a question: rows as arrays of columns, in the order of the SELECT. */
  rows<Row extends readonly unknown[]>(sql: string, ask?: Ask): Promise<Row[]>
  /** Runs a statement that returns nothing; one of the schema, on all servers of a cluster. */
  run(sql: string, ask?: Pick<Ask, 'background'>): Promise<void>
  /**
   * Inserts all rows in one block, which the engine stores as one part or not at all.
   * @param lines one JSON array per row, in the order of the columns, as texts or as the bytes of lines
   * @param guard only for a server; the embedded engine has no other writers and does not support it
   */
  insert(into: InsertTarget, lines: readonly string[] | Buffer, guard?: Guard): Promise<void>
  /**
   * A table as SQL that reads every copy of it, where the store is a cluster; the table itself where it is not. A row then
   * counts once for each copy that has it.
   */
  everyCopy(table: string): string
  /** Whether the store is a cluster of servers. */
  readonly isCluster: boolean
  /** Resolves when the engine answers. */
  ping(): Promise<void>
  close(): Promise<void>
}
