export interface LegendItem {
  name: string
  colour: string
  line?: 'solid' | 'dashed'
  pick?: (() => void) | undefined
}

/** What each colour stands for; what can be filtered by can be clicked here, too. */
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
