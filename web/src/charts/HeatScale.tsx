/** Legend of a heatmap: from nothing to the most. */
export function HeatScale({ most }: { most: string }) {
  return (
    <span className="heat-scale">
      <span>0</span>
      <span className="heat-bar" />
      <span>{most}</span>
    </span>
  )
}
