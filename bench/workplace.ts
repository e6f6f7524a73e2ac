import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bench, Size } from './case.ts'
import { fillTopic, type Topic } from './topic.ts'

/** Resources that all cases share: a folder, and a topic that is filled on first use. */
export interface Workplace {
  /** Resources of one case. @returns removes its folder */
  open(name: string): Promise<{ bench: Bench; close(): Promise<void> }>
  close(): Promise<void>
}

/** @param data folder of big stores; null for none */
export async function openWorkplace(
  size: Size,
  data: string | null,
  say: (text: string) => void,
): Promise<Workplace> {
  const directory = await mkdtemp(join(tmpdir(), 'playhead-bench-'))
  const stores = data === null ? join(directory, 'stores') : resolve(data)
  await mkdir(stores, { recursive: true })
  let filled: Promise<Topic> | null = null
  const topic = () => {
    filled ??= fillTopic(join(directory, 'topic'), size.events, say)
    return filled
  }
  return {
    async open(name) {
      const folder = join(directory, name)
      await mkdir(folder)
      return {
        bench: { size, directory: folder, stores, topic, say },
        close: () => rm(folder, { recursive: true, force: true }),
      }
    },
    async close() {
      const made = await filled?.catch(() => null)
      await made?.broker.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
