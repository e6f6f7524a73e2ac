import { appendFile } from 'node:fs/promises'

/** How a case of a system that listens are handed on to has ended. */
export interface SystemVerdict {
  system: string
  case: string
  events: number
  missing: number
  twice: number
  /** Listens a second, where the case measures it. */
  perSecond?: number
}

/** Notes how a case ended, for the table that `npm run test:systems` closes with. */
export async function reportSystem(verdict: SystemVerdict): Promise<void> {
  const file = process.env['PLAYHEAD_SYSTEMS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify(verdict)}\n`)
}

/** Notes that cases were left out and why, so that the closing table does not pass over them. */
export async function reportSkipped(system: string, why: string): Promise<void> {
  const file = process.env['PLAYHEAD_SYSTEMS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ system, skipped: why })}\n`)
}

/** Whether outages last a minute under load, and not only some seconds. */
export const THOROUGH_SYSTEMS = process.env['PLAYHEAD_SYSTEMS'] === 'all'
