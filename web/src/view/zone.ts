/** The viewer's own time zone. */
export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Every zone that this browser knows, the viewer's own and UTC first. */
export function zones(): string[] {
  return [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]
}
