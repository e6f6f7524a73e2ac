/**
 * Zones that a program may name and ClickHouse does not know, by the zone it counts with instead. ICU keeps the names of
 * System V; `America/Coyhaique` (2025) is newer than the engine and has had the time of Punta Arenas since it exists.
 */
const COUNTED_AS: Readonly<Record<string, string>> = {
  'America/Coyhaique': 'America/Punta_Arenas',
  'SystemV/AST4': 'America/Puerto_Rico',
  'SystemV/AST4ADT': 'America/Halifax',
  'SystemV/CST6': 'America/Regina',
  'SystemV/CST6CDT': 'America/Chicago',
  'SystemV/EST5': 'America/Panama',
  'SystemV/EST5EDT': 'America/New_York',
  'SystemV/HST10': 'Pacific/Honolulu',
  'SystemV/MST7': 'America/Phoenix',
  'SystemV/MST7MDT': 'America/Denver',
  'SystemV/PST8': 'Pacific/Pitcairn',
  'SystemV/PST8PDT': 'America/Los_Angeles',
  'SystemV/YST9': 'Pacific/Gambier',
  'SystemV/YST9YDT': 'America/Anchorage',
}

const UNKNOWN_TO_ICU = /^factory$/i

/**
 * The one name that Node, browsers and ClickHouse share for a zone, whichever of its names and cases is given.
 * @returns null if none of them knows the zone; an offset such as `+01:00` is no name
 */
export function canonicalZone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return null
  if (UNKNOWN_TO_ICU.test(name)) return 'UTC'
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return COUNTED_AS[timeZone] ?? timeZone
  } catch {
    return null
  }
}
