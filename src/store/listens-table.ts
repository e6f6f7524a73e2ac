import type { Ask, Store } from './store.ts'

/** The listens that questions read: those in the store, or those in the store and in an archive. */
export interface ListensTable {
  /**
   * Asks a question.
   * @param sql returns the statement; its argument is the table as it stands after FROM
   * @param ask a number bound as `from` or `to` bounds `listened_at` in milliseconds since 1970, so that a table in several
   *   places reads only those that can have such listens
   */
  rows<Row extends readonly unknown[]>(sql: (table: string) => string, ask?: Ask): Promise<Row[]>
}

/** The listens in the store. */
export function listensTable(store: Pick<Store, 'rows'>): ListensTable {
  return { rows: (sql, ask) => store.rows(sql('listens'), ask) }
}
