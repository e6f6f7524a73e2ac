import { formatRating } from '../format/numbers.ts'

/** A rating as stars with halves; a dash where none was given. */
export function Stars({ rating }: { rating: number | null }) {
  if (rating === null) {
    return (
      <span className="text-secondary" role="img" aria-label="No rating" title="No rating">
        –
      </span>
    )
  }
  const label = `${formatRating(rating)} of 5`
  return (
    <span
      className="stars"
      role="img"
      aria-label={label}
      title={label}
      style={{ '--filled': `${rating * 20}%` } as React.CSSProperties}
    />
  )
}
