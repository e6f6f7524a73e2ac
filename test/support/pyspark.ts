import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Ended } from './archive.ts'
import { pythonWith, runPython } from './python.ts'

const BATCH = fileURLToPath(new URL('../../batch/', import.meta.url))

/** A Python with the packages of the batch job. */
export function pythonWithSpark(): Promise<string> {
  return pythonWith(
    join(BATCH, 'requirements.txt'),
    'Spark comes from PyPI, some 450 MB, which takes minutes',
  )
}

/** Runs the batch job until it ends. Its output includes what Spark prints. */
export async function runListening(
  python: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await runPython(python, join(BATCH, 'listening.py'), args, env)
  return { code, output: stdout + stderr }
}
