import { type Figures, isNumeric } from './figures.ts'

interface Props {
  label: string
  figures: Figures
}

/**
 * The figures of a chart as a table. The first cell of a row does what a click on its mark does.
 */
export function FigureTable({ label, figures }: Props) {
  const { columns, rows } = figures
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <section className="figure-table-scroller" aria-label={label} tabIndex={0}>
      <table className="figure-table">
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column.label} scope="col" data-align={isNumeric(figures, at) ? 'end' : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              {row.values.map((value, at) => {
                const column = columns[at]
                const text = column?.show?.(value) ?? (value === null ? '–' : String(value))
                if (at > 0)
                  return (
                    <td key={column?.label} data-align={isNumeric(figures, at) ? 'end' : undefined}>
                      {text}
                    </td>
                  )
                return (
                  <th key={column?.label} scope="row">
                    {row.pick ? (
                      <button type="button" className="figure-pick" onClick={row.pick}>
                        {text}
                      </button>
                    ) : (
                      text
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
