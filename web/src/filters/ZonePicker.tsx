import { useMemo } from 'react'
import { ownZone, zones } from '../view/zone.ts'

interface Props {
  zone: string | undefined
  onChange(zone: string | undefined): void
}

/** Chooses the time zone of days and hours. */
export function ZonePicker({ zone, onChange }: Props) {
  const own = ownZone()
  const all = useMemo(zones, [])
  const shown = zone ?? own
  return (
    <select
      className="form-select zone-picker"
      aria-label="Time zone"
      title="Time zone of days and hours"
      value={shown}
      onChange={(event) => onChange(event.target.value === own ? undefined : event.target.value)}
    >
      {(all.includes(shown) ? all : [shown, ...all]).map((name) => (
        <option key={name} value={name}>
          {name.replaceAll('_', ' ')}
        </option>
      ))}
    </select>
  )
}
