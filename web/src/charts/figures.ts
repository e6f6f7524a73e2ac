import { csvCell } from '../../../src/export/csv-cell.ts'

/** The data of a chart as a table: for screen readers, the table view and the CSV. */
export interface Figures {
  columns: readonly FigureColumn[]
  rows: readonly FigureRow[]
}

export type FigureValue = string | number | null

export interface FigureColumn {
  /** Includes the unit if there is one. */
  label: string
  /** How a person reads it; as it is where left out. */
  show?(value: FigureValue): string
}

export interface FigureRow {
  key: string
  values: readonly FigureValue[]
  /** Action of a click on its mark. */
  pick?: (() => void) | undefined
}

export const isNumeric = ({ rows }: Figures, column: number) =>
  rows.some((row) => typeof row.values[column] === 'number')

/** The figures as CSV (RFC 4180), safe to open in a spreadsheet. */
export function figuresCsv({ columns, rows }: Figures): string {
  const lines = [columns.map(({ label }) => label), ...rows.map(({ values }) => values)]
  return lines.map((values) => `${values.map(csvCell).join(',')}\r\n`).join('')
}
