import { open, readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders of the active parts of the listens in a closed embedded store, oldest first. */
export async function partsOf(store: string): Promise<string[]> {
  const folders = await readdir(store, { recursive: true })
  return folders
    .filter((name) => /\/\d{6}_\d+_\d+_\d+\/checksums\.txt$/.test(name))
    .map((name) => join(store, name, '..'))
    .sort((a, b) => blockOf(a) - blockOf(b))
}

const blockOf = (part: string) => Number(/\d{6}_(\d+)_/.exec(part)?.[1] ?? 0)

/** Ways to damage a part, by the resulting damage. */
export const damageFile: Record<string, (part: string) => Promise<void>> = {
  'a file is cut short': (part) => truncate(join(part, 'data.bin'), 100),
  'a byte has flipped': async (part) => {
    const file = await open(join(part, 'data.bin'), 'r+')
    try {
      const position = Math.floor((await file.stat()).size / 2)
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position)
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, position)
    } finally {
      await file.close()
    }
  },
}
