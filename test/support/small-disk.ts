import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const inForeground = promisify(execFile)

/** A real file system of few megabytes, which only the processes started under it can see; it needs no privilege. */
export interface SmallDisk {
  /** What a command line must begin with to see it. */
  under: readonly string[]
  /** Takes all space that is left. */
  fill(): Promise<void>
  free(): Promise<void>
  /** Shrinks what fills the disk, so that some megabytes are left. */
  leave(megabytes: number): Promise<void>
  /** Lets nothing be written to it any more. */
  makeReadOnly(): Promise<void>
  makeWritable(): Promise<void>
  /** Copies what is on it into a folder that everybody sees. */
  copyTo(folder: string): Promise<void>
  close(): Promise<void>
}

/** Why there can be no small disk here; false when there can. */
export const NO_SMALL_DISK: string | false =
  spawnSync('unshare', ['-rm', 'true']).status === 0
    ? false
    : 'this system lets no process have mounts of its own'

/** Puts a disk of a size in megabytes in the place of a folder. */
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
      // A second mount over the first: what is open for writing keeps the first itself from being made read-only.
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
