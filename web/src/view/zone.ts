import { canonicalZone } from '../../../src/calendar/zone.ts'

/** The viewer's own time zone; UTC if it has no name. */
export const ownZone = () => canonicalZone(new Intl.DateTimeFormat().resolvedOptions().timeZone) ?? 'UTC'

/** Every zone that the browser knows, the viewer's own and UTC first. */
export function zones(): string[] {
  return [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]
}
