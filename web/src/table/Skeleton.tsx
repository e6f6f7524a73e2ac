/** Stands where rows will be, as high as they are, so that nothing moves when they come. */
export function Skeleton({ rowHeight }: { rowHeight: number }) {
  return (
    <div role="status" className="skeleton">
      <span className="visually-hidden">Loading listens…</span>
      {Array.from({ length: 24 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and none ever moves
        <div key={index} className="skeleton-row" style={{ height: rowHeight }}>
          <span className="skeleton-line" style={{ width: `${[62, 48, 71, 55][index % 4]}%` }} />
        </div>
      ))}
    </div>
  )
}
