/** How old a listener is, roughly. */
export interface AgeGroup {
  name: string
  /** Share of the crowd. */
  share: number
  /** How readily they leave a track, compared with the crowd as a whole. */
  restlessness: number
}

/**
 * Lamere saw teenagers leave more than half of what they play, people of about 35 least, and a second, lower peak in the late
 * forties. The shares of the groups are made up.
 */
export const AGE_GROUPS: readonly AgeGroup[] = [
  { name: 'teens', share: 0.22, restlessness: 1.35 },
  { name: 'twenties', share: 0.33, restlessness: 1.05 },
  { name: 'thirties', share: 0.22, restlessness: 0.75 },
  { name: 'forties', share: 0.13, restlessness: 0.9 },
  { name: 'fifties and older', share: 0.1, restlessness: 0.8 },
]
