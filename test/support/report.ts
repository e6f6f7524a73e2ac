import { appendFile } from 'node:fs/promises'
import type { Verdict } from './oracle.ts'

/** Notes how a case ended, for the table that `npm run test:faults` closes with. */
export async function reportCase(name: string, verdict: Verdict): Promise<void> {
  const file = process.env['PLAYHEAD_FAULTS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ name, ...verdict })}\n`)
}

/** Whether all of the suite runs, and not only the fast selection that `npm test` takes. */
export const THOROUGH = process.env['PLAYHEAD_FAULTS'] === 'all'
