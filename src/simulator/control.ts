import { PROFILE_NAMES, PROFILES, type Profile, type ProfileName } from './profile.ts'

/** Measured over so long, a rate is steady enough to read and quick enough to follow. */
const MEASURED_OVER = 10_000

/** What a running simulator does now. */
export interface SimulatorState {
  profile: ProfileName
  /** Events a second that are asked for. */
  rate: number
  /** Events a second that were acknowledged of late. */
  measured: number
  paused: boolean
  /** Events sent since the start. */
  sent: number
}

/** Steers a simulator while it runs. */
export interface SimulatorControl {
  /** Every profile with the rate it brings. */
  readonly profiles: readonly { name: ProfileName; rate: number; summary: string }[]
  state(): SimulatorState
  /** Takes another profile, with its rate unless another one is given. */
  choose(profile: ProfileName, rate?: number): void
  /** Another rate, above 0. */
  setRate(rate: number): void
  pause(): void
  resume(): void
  /** How the crowd is now. */
  profile(): Profile
  /** Events a second now: 0 while it is paused. */
  rate(): number
  /** Calls back whenever the rate is another one. */
  onChange(changed: () => void): void
  /** Notes that so many events more were acknowledged. */
  note(sent: number): void
}

/**
 * @param rate events a second of the first profile: whoever runs it may have asked for another one than usual
 * @param now milliseconds of a clock that does not jump
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

  // The last note before the span is kept, so that a slow rate is measured from event to event.
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
