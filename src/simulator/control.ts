import { PROFILE_NAMES, PROFILES, type Profile, type ProfileName } from './profile.ts'

/** Window for the measured rate: long enough to be steady, short enough to follow changes. */
const MEASURED_OVER = 10_000

/** State of a running simulator. */
export interface SimulatorState {
  profile: ProfileName
  /** Configured events per second. */
  rate: number
  /** Events per second acknowledged recently. */
  measured: number
  paused: boolean
  /** Events sent since the start. */
  sent: number
}

/** Controls a running simulator. */
export interface SimulatorControl {
  /** All profiles with their rates. */
  readonly profiles: readonly { name: ProfileName; rate: number; summary: string }[]
  state(): SimulatorState
  /** Changes the profile, with its rate unless another one is given. */
  choose(profile: ProfileName, rate?: number): void
  /** Changes the rate; must be above 0. */
  setRate(rate: number): void
  pause(): void
  resume(): void
  /** The current profile. */
  profile(): Profile
  /** Current events per second; 0 while paused. */
  rate(): number
  /** Calls back when the rate changes. */
  onChange(changed: () => void): void
  /** Records acknowledged events. */
  note(sent: number): void
}

/**
 * @param rate events per second of the first profile, which may differ from its default
 * @param now milliseconds of a monotonic clock
 */
export function createSimulatorControl(
  first: ProfileName,
  rate: number,
  now: () => number = () => performance.now(),
): SimulatorControl {
  const rates: Record<ProfileName, number> = {
    quiet: PROFILES.quiet.rate,
    everyday: PROFILES.everyday.rate,
    'release-day': PROFILES['release-day'].rate,
    flood: PROFILES.flood.rate,
    [first]: rate,
  }
  let profile = first
  let perSecond = rate
  let paused = false
  let sent = 0
  const noted: { at: number; sent: number }[] = [{ at: now(), sent: 0 }]
  const listeners: (() => void)[] = []
  const changed = () => {
    for (const listener of listeners) listener()
  }

  // Keep the last record before the window, so that a slow rate is measured from event to event.
  function forget(at: number): void {
    while (noted.length > 1 && (noted[1]?.at ?? at) < at - MEASURED_OVER) noted.shift()
  }

  return {
    profiles: PROFILE_NAMES.map((name) => ({ name, rate: rates[name], summary: PROFILES[name].summary })),
    state() {
      const at = now()
      forget(at)
      const oldest = noted[0] ?? { at, sent }
      const measured = at > oldest.at ? ((sent - oldest.sent) * 1000) / (at - oldest.at) : 0
      return { profile, rate: perSecond, measured, paused, sent }
    },
    choose(name, asked) {
      profile = name
      perSecond = asked ?? rates[name]
      changed()
    },
    setRate(asked) {
      perSecond = asked
      changed()
    },
    pause() {
      paused = true
      changed()
    },
    resume() {
      paused = false
      changed()
    },
    profile: () => PROFILES[profile],
    rate: () => (paused ? 0 : perSecond),
    onChange: (callback) => {
      listeners.push(callback)
    },
    note(more) {
      sent += more
      const at = now()
      noted.push({ at, sent })
      forget(at)
    },
  }
}
