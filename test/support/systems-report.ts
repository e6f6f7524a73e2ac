import { appendFile } from 'node:fs/promises'

/** Result of a test case of an output. */
export interface SystemVerdict {
  system: string
  case: string
  events: number
  missing: number
  twice: number
  /** Listens per second, if the case measures them. */
  perSecond?: number
}

/** Records a result for the table at the end of `npm run test:systems`. */
export async function reportSystem(verdict: SystemVerdict): Promise<void> {
  const file = process.env['PLAYHEAD_SYSTEMS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify(verdict)}\n`)
}

/** Records that cases were skipped and why, so that the table shows them. */
export async function reportSkipped(system: string, why: string): Promise<void> {
  const file = process.env['PLAYHEAD_SYSTEMS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ system, skipped: why })}\n`)
}

/** Whether outages last a minute under load instead of some seconds. */
export const THOROUGH_SYSTEMS = process.env['PLAYHEAD_SYSTEMS'] === 'all'
