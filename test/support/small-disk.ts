import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const inForeground = promisify(execFile)

/**
 * A real file system of a few megabytes. Only processes started under it can see it; it needs no
 * privileges.
 */
export interface SmallDisk {
  /** Prefix of a command line that runs on it. */
  under: readonly string[]
  /** Fills the remaining space. */
  fill(): Promise<void>
  free(): Promise<void>
  /** Frees some megabytes. */
  leave(megabytes: number): Promise<void>
  /** Makes the disk read-only. */
  makeReadOnly(): Promise<void>
  makeWritable(): Promise<void>
  /** Copies its files into a folder that all processes can read. */
  copyTo(folder: string): Promise<void>
  close(): Promise<void>
}

/** Why small disks are not supported here; false when they are. */
export const NO_SMALL_DISK: string | false =
  spawnSync('unshare', ['-rm', 'true']).status === 0
    ? false
    : 'this system lets no process have mounts of its own'

/** Mounts a disk of a size in megabytes over a folder. */
export async function openSmallDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true })
  const script = `mount -t tmpfs -o size=${Number(megabytes)}m tmpfs "$0" && echo ready && exec sleep 100000`
  const holder = spawn('unshare', ['-rm', 'sh', '-c', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(holder, 'exit')
  await Promise.race([
    once(holder.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('the small disk was not made'))),
  ])
  const under = ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials', '--']
  const [enter = '', ...args] = under
  const run = (...command: string[]) => inForeground(enter, [...args, ...command])
  const seen = `/proc/${holder.pid}/root${folder}`
  const filler = join(seen, 'filler')
  return {
    under,
    async fill() {
      await writeFile(filler, Buffer.alloc(megabytes * 1_048_576)).catch((error) => {
        if (error.code !== 'ENOSPC') throw error
      })
    },
    async free() {
      await truncate(filler, 0)
      await rm(filler)
    },
    async leave(space) {
      await truncate(filler, Math.round((megabytes - space) * 1_048_576))
    },
    async makeReadOnly() {
      // A second mount over the first: files open for writing prevent a read-only remount of the
      // first.
      await run('mount', '--bind', folder, folder)
      await run('mount', '-o', 'remount,bind,ro', folder)
    },
    async makeWritable() {
      await run('umount', '--lazy', folder)
    },
    copyTo: (target) => cp(seen, target, { recursive: true }),
    async close() {
      holder.kill('SIGKILL')
      await exited
    },
  }
}
