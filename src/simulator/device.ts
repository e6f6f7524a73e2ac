/** Device of a session. It affects how much is skipped. */
export interface Device {
  name: string
  share: number
  restlessness: number
}

/** Skips: 51.1 % on phones, 40.1 % on desktops (Lamere). The speaker and the shares are assumed. */
export const DEVICES: readonly Device[] = [
  { name: 'phone', share: 0.65, restlessness: 1.1 },
  { name: 'desktop', share: 0.25, restlessness: 0.78 },
  { name: 'speaker', share: 0.1, restlessness: 0.7 },
]
