export interface LegendItem {
  name: string
  colour: string
  line?: 'solid' | 'dashed'
  pick?: (() => void) | undefined
}

/** Legend of a chart; a click on an entry filters by it where possible. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return items.map(({ name, colour, line, pick }) => {
    const content = (
      <>
        <span
          className="legend-mark"
          data-line={line}
          style={line ? { borderTopColor: colour } : { background: colour }}
        />
        <span className="clipped">{name}</span>
      </>
    )
    return pick ? (
      <button key={name} type="button" className="legend-item" onClick={pick}>
        {content}
      </button>
    ) : (
      <span key={name} className="legend-item">
        {content}
      </span>
    )
  })
}
