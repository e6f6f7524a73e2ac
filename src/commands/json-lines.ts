import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { Failure } from '../runtime/failure.ts'

/** Writes the values of records, one per line. */
export interface JsonLines {
  /** Resolves when more can be written. @throws Failure OUTPUT_NOT_WRITABLE */
  send(records: readonly { value: Buffer | null }[]): Promise<void>
  /** Resolves when all is written. @throws Failure OUTPUT_NOT_WRITABLE */
  close(): Promise<void>
}

const NEW_LINE = Buffer.from('\n')
/** A record without a value becomes an empty line. */
const NOTHING = Buffer.alloc(0)

/**
 * @param path a file, which is overwritten, or `-` for standard output
 * @throws Failure OUTPUT_NOT_WRITABLE
 */
export async function openJsonLines(path: string): Promise<JsonLines> {
  const out: Writable = path === '-' ? process.stdout : createWriteStream(path)
  const failed = new Promise<never>((_, reject) => {
    if (path === '-') return
    out.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new Failure(
          'OUTPUT_NOT_WRITABLE',
          `${path} cannot be written (${cause.code ?? 'unknown'}). Choose another file with --out.`,
          { cause },
        ),
      ),
    )
  })
  // Each write races against it; between writes nobody handles the rejection.
  failed.catch(() => undefined)
  if (path !== '-') await Promise.race([once(out, 'open').catch(() => failed), failed])

  return {
    async send(records) {
      const bytes = Buffer.concat(records.flatMap(({ value }) => [value ?? NOTHING, NEW_LINE]))
      if (!out.write(bytes)) await Promise.race([once(out, 'drain').catch(() => failed), failed])
    },
    async close() {
      if (out === process.stdout) {
        if (out.writableLength > 0) await once(out, 'drain')
        return
      }
      out.end()
      await Promise.race([once(out, 'close').catch(() => failed), failed])
    },
  }
}
