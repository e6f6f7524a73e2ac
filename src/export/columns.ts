import { FIELDS, type Field, nameOf, readerOf } from '../listen/fields.ts'
import type { StoredListen } from '../listen/stored.ts'

export type Cell = string | number | boolean | null

/** A column of an export that is a table. */
export interface Column {
  name: string
  type: Field['kind']
  nullable: boolean
  of: (listen: StoredListen) => Cell
}

/** The columns of an export, in order; named as in the topic, with the place in it flattened. */
export const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text', nullable: false, of: ({ id }) => id },
  ...FIELDS.map((field) => ({
    name: nameOf(field),
    type: field.kind,
    nullable: 'nullable' in field,
    of: readerOf(field) as (listen: StoredListen) => Cell,
  })),
]
