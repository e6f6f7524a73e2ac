import type { ReactNode } from 'react'

export interface Option {
  value: string
  /** What it is called; what typing is matched with. */
  text: string
  /** Beside the text, where the text alone does not say enough. */
  detail?: string
  /** Drawn instead of the text. */
  drawn?: ReactNode
}
