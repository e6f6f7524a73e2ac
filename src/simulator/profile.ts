/** Traffic profile of a crowd. */
export interface Profile {
  /** Events per second. */
  rate: number
  /** Tendency to leave a track, relative to `everyday`. */
  restlessness: number
  /** Share of plays of the release of the day. */
  release: number
  /** Description on the page. */
  summary: string
}

export const PROFILES = {
  quiet: {
    rate: 0.1,
    restlessness: 0.75,
    release: 0,
    summary: 'a play every 10 seconds, in the background',
  },
  everyday: { rate: 0.5, restlessness: 1, release: 0, summary: 'a play every 2 seconds' },
  'release-day': {
    rate: 20,
    restlessness: 1,
    release: 0.3,
    summary: '20 plays per second, many of a new release',
  },
  flood: { rate: 2_000, restlessness: 1, release: 0, summary: '2,000 plays per second' },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES

export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[]
