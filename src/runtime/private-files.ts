import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'

const PRIVATE_UMASK = 0o077
const FOLDER = 0o700
const FILE = 0o600

/** The umask of the user, for files that are not private. */
let shared: number | null = null

/** From here on, files of this process, of the embedded engine and of child processes are for their owner alone. */
export function keepFilesPrivate(): void {
  shared ??= process.umask(PRIVATE_UMASK)
}

/** The mode that a file or folder gets without {@link keepFilesPrivate}. */
export function sharedMode(mode: number): number {
  return mode & ~(shared ?? process.umask())
}

/** Runs a synchronous action, such as the start of a child process, whose files others may read. */
export function withSharedFiles<Result>(act: () => Result): Result {
  if (shared === null) return act()
  process.umask(shared)
  try {
    return act()
  } finally {
    process.umask(PRIVATE_UMASK)
  }
}

/** Takes a file, or a folder with all its contents, from other users. Links stay as they are. */
export async function makePrivate(path: string, isFolder: boolean): Promise<void> {
  // A file of another user, or one that was removed just now, needs nothing from us.
  await chmod(path, isFolder ? FOLDER : FILE).catch(() => {})
  if (!isFolder) return
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => []))
    if (entry.isDirectory() || entry.isFile()) await makePrivate(join(path, entry.name), entry.isDirectory())
}
