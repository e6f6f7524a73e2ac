import { csvCell } from '../../../src/export/csv-cell.ts'

/** What a chart shows, as a table: for those who do not see the chart, for the table view and for the CSV. */
export interface Figures {
  columns: readonly FigureColumn[]
  rows: readonly FigureRow[]
}

export type FigureValue = string | number | null

export interface FigureColumn {
  /** With its unit where it has one. */
  label: string
  /** How a person reads it; as it is where left out. */
  show?(value: FigureValue): string
}

export interface FigureRow {
  key: string
  values: readonly FigureValue[]
  /** What a click on its mark does. */
  pick?: (() => void) | undefined
}

export const isNumeric = ({ rows }: Figures, column: number) =>
  rows.some((row) => typeof row.values[column] === 'number')

/** The figures as CSV (RFC 4180), safe to open in a spreadsheet. */
export function figuresCsv({ columns, rows }: Figures): string {
  const lines = [columns.map(({ label }) => label), ...rows.map(({ values }) => values)]
  return lines.map((values) => `${values.map(csvCell).join(',')}\r\n`).join('')
}
