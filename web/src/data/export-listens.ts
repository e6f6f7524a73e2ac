import { getStream } from '../api/request.ts'
import { type ExportFormat, exportUrl } from '../view/urls.ts'
import type { View } from '../view/view-state.ts'

export interface Progress {
  bytes: number
  /** From 0 to 1; undefined for formats without lines. */
  share?: number
}

const PROGRESS_MS = 200

/**
 * Fetches all listens of a view as a file.
 * @param onProgress a few times a second
 * @throws RequestError when it is refused, or breaks off before its end
 */
export async function exportListens(
  view: View,
  format: ExportFormat,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<{ file: Blob; listens: number }> {
  const { headers, body } = await getStream(exportUrl(view, format), signal)
  const listens = Number(headers.get('x-total-count'))
  let bytes = 0
  let lines = 0
  let said = performance.now()
  const say = () =>
    onProgress({
      bytes,
      ...(format === 'parquet' ? {} : { share: Math.min(1, lines / Math.max(1, listens)) }),
    })
  say()
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.length
        lines += countLines(chunk)
        if (performance.now() - said > PROGRESS_MS) {
          said = performance.now()
          say()
        }
        controller.enqueue(chunk)
      },
    }),
  )
  // As a blob, which the browser keeps on disk where it is large.
  const file = await new Response(counted, {
    headers: { 'content-type': headers.get('content-type') ?? '' },
  }).blob()
  return { file, listens }
}

const LINE_FEED = 10

function countLines(chunk: Uint8Array): number {
  let lines = 0
  for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) lines += 1
  return lines
}
