import { FIELDS, type Row } from './fields.ts'

type TextRow = Extract<Row, { kind: 'text' }>

/** The longest that each text of a listen may be, by its column, in code points as JSON Schema counts. */
export const MAX_LENGTH = Object.fromEntries(
  FIELDS.filter((field) => field.kind === 'text').map(({ column, maxLength }) => [column, maxLength]),
) as { readonly [R in TextRow as R['column']]: R['maxLength'] }
