import type { Condition, Filter } from './filter.ts'

/** What a page of the table asks for. */
export interface PageAsk {
  filter: Filter
  /** What the rows have to meet, the filter included. */
  where: Condition
  /** Key and time (milliseconds since 1970) of the last row of the page before. */
  after: { key: string | number; at: number } | null
  /** Name of what is sorted by. */
  by: string
  /** What is sorted by: an expression over `listens`, and its type as a parameter. */
  key: { sql: string; type: string }
  order: 'asc' | 'desc'
  /** Rows that are wanted. */
  rows: number
}

/** What a row is sorted by, and its time in milliseconds since 1970. */
export type Key = readonly [value: string | number, at: number]
