import { appendFile } from 'node:fs/promises'
import type { Verdict } from './oracle.ts'

/** Records a result for the table at the end of `npm run test:faults`. */
export async function reportCase(name: string, verdict: Verdict): Promise<void> {
  const file = process.env['PLAYHEAD_FAULTS_REPORT']
  if (file !== undefined) await appendFile(file, `${JSON.stringify({ name, ...verdict })}\n`)
}

/** Whether the complete suite runs, not only the fast selection of `npm test`. */
export const THOROUGH = process.env['PLAYHEAD_FAULTS'] === 'all'
