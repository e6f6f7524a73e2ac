import { statfs } from 'node:fs/promises'
import { Failure } from './failure.ts'

/** With less than this, programs fail in ways that do not name the disk, because they cannot write their logs either. */
const FULL_BYTES = 1_048_576

/** A failure that names the full disk of a folder; null if it has space. */
export async function fullDisk(folder: string): Promise<Failure | null> {
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= FULL_BYTES) return null
  return new Failure(
    'DISK_FULL',
    `The disk of ${folder} is full. Free some space and start again, or set PLAYHEAD_DATA to a folder on another disk.`,
  )
}
