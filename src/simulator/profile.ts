/** How busy a crowd is, by name. */
export interface Profile {
  /** Events a second. */
  rate: number
  /** How readily people leave a track, compared with every day. */
  restlessness: number
  /** Share of the plays that go to the release of the day. */
  release: number
  /** What a person reads beside the name. */
  summary: string
}

export const PROFILES = {
  quiet: {
    rate: 0.1,
    restlessness: 0.75,
    release: 0,
    summary: 'a play every ten seconds, in the background',
  },
  everyday: { rate: 0.5, restlessness: 1, release: 0, summary: 'a play every two seconds' },
  'release-day': { rate: 20, restlessness: 1, release: 0.3, summary: 'a new release that everybody plays' },
  flood: { rate: 2_000, restlessness: 1, release: 0, summary: 'thousands of plays a second' },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof PROFILES

export const PROFILE_NAMES = Object.keys(PROFILES) as readonly ProfileName[]
