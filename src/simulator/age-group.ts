/** Age group of a listener. */
export interface AgeGroup {
  name: string
  /** Share of the crowd. */
  share: number
  /** Tendency to leave a track, relative to the whole crowd. */
  restlessness: number
}

/**
 * Lamere: teenagers skip more than half of their plays, people of about 35 skip least, with a second,
 * lower peak in the late forties. The shares of the groups are assumed.
 */
export const AGE_GROUPS: readonly AgeGroup[] = [
  { name: 'teens', share: 0.22, restlessness: 1.35 },
  { name: 'twenties', share: 0.33, restlessness: 1.05 },
  { name: 'thirties', share: 0.22, restlessness: 0.75 },
  { name: 'forties', share: 0.13, restlessness: 0.9 },
  { name: 'fifties and older', share: 0.1, restlessness: 0.8 },
]
