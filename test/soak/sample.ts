import { readdir, readFile, readlink } from 'node:fs/promises'
import type { RunningPlayhead } from '../support/playhead.ts'

/** What a process holds at one moment. */
export interface Sample {
  /** Bytes. */
  rss: number
  /** Bytes of it that JavaScript's own heap takes. */
  heap: number
  /** Bytes of buffers outside of that heap. */
  external: number
  /** Open file descriptors, sockets among them, but not the three by which the engine times each of its threads. */
  files: number
  /** What libuv waits for. */
  handles: number
}

/** Looks at a running Playhead from outside (`/proc`), and at what it says of itself. */
export async function takeSample({ pid, url }: Pick<RunningPlayhead, 'pid' | 'url'>): Promise<Sample> {
  const [status, files, metrics] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    openFiles(pid),
    fetch(`${url}/metrics`).then((response) => response.text()),
  ])
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0)
  return {
    rss: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024,
    heap: metric('nodejs_heap_size_total_bytes'),
    external: metric('nodejs_external_memory_bytes'),
    files,
    handles: metric('nodejs_active_resources_total'),
  }
}

/** The mean of one figure. */
export function mean(samples: readonly Sample[], figure: keyof Sample): number {
  return samples.reduce((sum, sample) => sum + sample[figure], 0) / samples.length
}

async function openFiles(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`
  const files = await readdir(folder)
  // One that is closed meanwhile is not open.
  const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '/task/')))
  return targets.filter((target) => !target.includes('/task/')).length
}
