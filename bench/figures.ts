/** The median of some figures. @throws RangeError when there are none */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5)
}

/**
 * The quantile of some figures, interpolated between the two nearest ones.
 * @param share 0 to 1
 * @throws RangeError when there are none
 */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  if (low === undefined || high === undefined) throw new RangeError('no figures')
  return low + (high - low) * (at - Math.floor(at))
}
