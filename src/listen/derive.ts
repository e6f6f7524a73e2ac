/** From this share of the track on, a listen counts as completed. */
export const COMPLETED_SHARE = 0.8

/** How much of the track was heard, from 0 to 100; 0 where the track has no length to measure against. */
export function percentListened(position: number, duration: number): number {
  if (!(duration > 0) || !(position > 0)) return 0
  // Division first: position * 100 could overflow where the share itself cannot.
  return position >= duration ? 100 : (position / duration) * 100
}

/** Whether the listener heard enough of the track, by the same comparison that producers make. */
export function isCompleted(position: number, duration: number): boolean {
  return position / duration >= COMPLETED_SHARE
}
