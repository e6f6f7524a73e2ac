import { zonedHour } from '../calendar/clock.ts'

const HOURS_OF_WEEK = 168

// Activity by local hour, with peaks on the way to work and in the evening, and later on weekends.
// Assumed, after the daily curves of Zhang et al. (2013).
const WORKDAY = [8, 4, 2, 2, 2, 5, 14, 30, 40, 34, 32, 33, 36, 36, 35, 36, 42, 52, 54, 50, 46, 40, 28, 16]
const WEEKEND = [18, 11, 6, 4, 3, 3, 6, 12, 24, 36, 44, 48, 50, 50, 50, 50, 50, 52, 54, 54, 52, 48, 42, 32]
const BUSIEST = 54

// More skips in the morning, after work and on weekends (Lamere).
const WEEKEND_RESTLESSNESS = 1.13
const WORKDAY_RESTLESSNESS = 0.95
const TIRED_RESTLESSNESS = 0.94

/** A listener's daily rhythm. */
export interface Habits {
  /** IANA name of the home time zone. */
  zone: string
  /** Hours later than others; negative for earlier. */
  shift: number
}

/** When people listen. */
export interface Rhythm {
  /** Probability of listening now, 0 to 1, by local hour and day. */
  activity(habits: Habits, at: number): number
  /** Tendency to skip at this time, relative to the whole week. */
  restlessness(habits: Habits, at: number): number
}

export function createRhythm(): Rhythm {
  /** Counted from the hour that a Monday begins with. */
  const hourOfWeek = ({ zone }: Habits, at: number) => {
    const { weekday, hour } = zonedHour(at, zone)
    return (weekday - 1) * 24 + hour
  }

  return {
    activity(habits, at) {
      const hour = (hourOfWeek(habits, at) - habits.shift + HOURS_OF_WEEK) % HOURS_OF_WEEK
      return ((hour >= 120 ? WEEKEND : WORKDAY)[hour % 24] as number) / BUSIEST
    },
    restlessness(habits, at) {
      const hour = hourOfWeek(habits, at)
      if (hour >= 120) return WEEKEND_RESTLESSNESS
      const ofDay = hour % 24
      const atWork = ofDay >= 10 && ofDay < 17
      return atWork || ofDay < 6 ? WORKDAY_RESTLESSNESS * TIRED_RESTLESSNESS : WORKDAY_RESTLESSNESS
    },
  }
}
