import { type ListensTable, listensTable } from '../store/listens-table.ts'
import type { Ask, Store } from '../store/store.ts'
import { conditionOf, type Scope } from './scope.ts'

/**
 * SQL `FROM … WHERE …` of the listens that a scope may read.
 * @param where what they also have to meet, in SQL; all of them without it
 */
export type From = (where?: string) => string

/** The listens that one scope may read. Questions reach the table `listens` only through this. */
export interface ListenSource {
  readonly scope: Scope
  /**
   * Asks a question.
   * @param sql returns the statement; its argument makes each FROM clause that reads listens
   */
  rows<Row extends readonly unknown[]>(sql: (from: From) => string, ask?: Ask): Promise<Row[]>
}

/** Finds the listens that a scope may read. */
export type ListensFor = (scope: Scope) => ListenSource

/**
 * The listens that a scope may read.
 * @param table where they are; in the store unless said
 */
export function listensFor(
  store: Pick<Store, 'rows'>,
  scope: Scope,
  table: ListensTable = listensTable(store),
): ListenSource {
  const own = conditionOf(scope)
  return {
    scope,
    rows: (sql, ask = {}) =>
      table.rows((name) => sql(fromOf(name, own?.sql)), {
        ...ask,
        ...(own === null ? {} : { params: { ...ask.params, ...own.params } }),
      }),
  }
}

function fromOf(table: string, own: string | undefined): From {
  return (where) => {
    // Two conditions in brackets, so that an OR in one of them cannot undo the other.
    const both = own === undefined || where === undefined ? (where ?? own) : `(${own}) AND (${where})`
    return both === undefined ? `FROM ${table}` : `FROM ${table} WHERE ${both}`
  }
}
