import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What the engine's functions cannot do where an archive has folders. Paths are below the archive. */
export interface ArchiveFolders {
  /** Makes a folder and those above it, where they are absent. */
  make(path: string): Promise<void>
  /** Gives a file another name, in place of the file that has it; makes the folder for it. */
  move(from: string, to: string): Promise<void>
  /** Removes a file, if it is there. */
  remove(path: string): Promise<void>
}

/** The folders of this machine. */
export function localFolders(root: string): ArchiveFolders {
  const make = (path: string) => makeFolder(join(root, path))
  return {
    make,
    async move(from, to) {
      await make(dirname(to))
      await rename(join(root, from), join(root, to))
    },
    remove: (path) => rm(join(root, path), { force: true }),
  }
}

/** Node's own way never comes to an end where a folder's parent is there and takes none, as `/proc` does. */
async function makeFolder(path: string): Promise<void> {
  const above = dirname(path)
  const made = await mkdir(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  )
  if (made === null || made.code === 'EEXIST') return
  if (made.code !== 'ENOENT' || above === path) throw made
  await makeFolder(above)
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/** A NameNode that is asked for a folder answers at once, or is away. */
const TIMEOUT_MS = 20_000

/**
 * The folders of HDFS, by WebHDFS (Hadoop 3.4, "WebHDFS REST API"): the engine's `hdfs` function writes no file into a folder that
 * is not there, and can neither make nor rename one.
 * @param origin `http(s)://host:port` of the NameNode
 * @param root path of the archive, with a slash before it
 * @throws Error with what HDFS says, or that it does not answer
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
      throw new Error(`WebHDFS made no folder ${absolute(path)}`)
  }

  const remove = async (path: string) => {
    // False says that there is none.
    await ask('DELETE', path, { op: 'DELETE' })
  }

  return {
    make,
    remove,
    async move(from, to) {
      await make(dirname(to))
      // HDFS renames to no name that is taken. What is there is of a run that does not count.
      await remove(to)
      if (!(await ask('PUT', from, { op: 'RENAME', destination: absolute(to) })))
        throw new Error(`WebHDFS did not rename ${absolute(from)} to ${absolute(to)}`)
    },
  }
}
