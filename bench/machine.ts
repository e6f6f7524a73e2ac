import { arch, cpus, platform, release, totalmem } from 'node:os'
import process from 'node:process'

/** The machine of the figures, which mean nothing without it. */
export function machine(): Record<string, string> {
  const [first] = cpus()
  return {
    processor: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
  }
}
