import { chmod, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../../runtime/folder.ts'
import { sharedMode } from '../../runtime/private-files.ts'

/** File operations that the engine's functions lack. Paths are below the archive. */
export interface ArchiveFolders {
  /** Creates a folder and its parents if absent. */
  make(path: string): Promise<void>
  /** Renames a file, replacing the target; creates the target's folder. */
  move(from: string, to: string): Promise<void>
  /** Removes a file if it exists. */
  remove(path: string): Promise<void>
}

/** Local folders. Others may read an archive, unlike the data directory. */
export function localFolders(root: string): ArchiveFolders {
  const make = async (path: string) => {
    await makeFolder(join(root, path), sharedMode(0o777))
  }
  return {
    make,
    async move(from, to) {
      await make(dirname(to))
      await chmod(join(root, from), sharedMode(0o666))
      await rename(join(root, from), join(root, to))
    },
    remove: (path) => rm(join(root, path), { force: true }),
  }
}

/** A NameNode answers at once, or is unavailable. */
const TIMEOUT_MS = 20_000

/**
 * HDFS folders through WebHDFS (Hadoop 3.4, "WebHDFS REST API"). The engine's `hdfs` function can
 * neither create folders nor rename files.
 * @param origin `http(s)://host:port` of the NameNode
 * @param root path of the archive, with a slash before it
 * @throws Error with the message of HDFS, or that it does not answer
 */
export function webHdfsFolders(origin: string, user: string, root: string): ArchiveFolders {
  const absolute = (path: string) => `${root}/${path}`

  async function ask(
    method: 'PUT' | 'DELETE',
    path: string,
    query: Record<string, string>,
  ): Promise<boolean> {
    const address = absolute(path).split('/').map(encodeURIComponent).join('/')
    const given = new URLSearchParams({ ...query, 'user.name': user })
    let response: Response
    try {
      response = await fetch(`${origin}/webhdfs/v1${address}?${given}`, {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
    } catch (error) {
      throw new Error(`Connection to WebHDFS at ${origin} failed`, { cause: error })
    }
    const text = await response.text()
    if (response.ok) return (JSON.parse(text) as { boolean?: boolean }).boolean === true
    throw new Error(`WebHDFS: ${response.status} ${text.slice(0, 300)}`)
  }

  async function make(path: string): Promise<void> {
    if (!(await ask('PUT', path, { op: 'MKDIRS' })))
      throw new Error(`WebHDFS did not create the folder ${absolute(path)}`)
  }

  const remove = async (path: string) => {
    // False means that it does not exist.
    await ask('DELETE', path, { op: 'DELETE' })
  }

  return {
    make,
    remove,
    async move(from, to) {
      await make(dirname(to))
      // HDFS does not replace files. The existing file is of a run that does not count.
      await remove(to)
      if (!(await ask('PUT', from, { op: 'RENAME', destination: absolute(to) })))
        throw new Error(`WebHDFS did not rename ${absolute(from)} to ${absolute(to)}`)
    },
  }
}
