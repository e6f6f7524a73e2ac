import { chmod, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Access for the owner alone: files below hold listens and passwords. */
const PRIVATE = 0o700

/**
 * Makes a folder and its missing parents, for this user alone unless `mode` says otherwise.
 * `mkdir` of Node with `recursive` never returns where the system lets nobody make a folder, such as in `/proc`.
 * @returns whether it made the folder; false if it was there
 * @throws an error of the file system, such as EACCES, or ENOTDIR if a file is in the way
 */
export async function makeFolder(path: string, mode = PRIVATE): Promise<boolean> {
  try {
    await mkdir(path, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && dirname(path) !== path && !(await exists(dirname(path)))) {
      await makeFolder(dirname(path), mode)
      return await makeFolder(path, mode)
    }
    if ((await stat(path).catch(() => null))?.isDirectory()) return false
    if (code !== 'EEXIST') throw error
    throw Object.assign(new Error(`ENOTDIR: not a folder, mkdir '${path}'`), { code: 'ENOTDIR', path })
  }
  // Independent of the umask of the process.
  await chmod(path, mode)
  return true
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}
