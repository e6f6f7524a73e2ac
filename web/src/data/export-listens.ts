import type { StoredListen } from '../../../src/listen/stored.ts'
import type { ListensAnswer } from '../../../src/questions/listens.ts'
import { getJson } from '../api/request.ts'
import { exportPageUrl } from '../api/urls.ts'
import type { View } from '../api/view-state.ts'
import { csvCell } from '../charts/figures.ts'

export const FORMATS = ['csv', 'jsonl'] as const
export type Format = (typeof FORMATS)[number]

type Column = readonly [name: string, of: (listen: StoredListen) => string | number | boolean | null]

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['user_id', ({ user_id }) => user_id],
  ['name', ({ name }) => name],
  ['email', ({ email }) => email],
  ['track_id', ({ track_id }) => track_id],
  ['title', ({ title }) => title],
  ['artist', ({ artist }) => artist],
  ['genre', ({ genre }) => genre],
  ['timestamp', ({ timestamp }) => timestamp],
  ['platform', ({ platform }) => platform],
  ['city', ({ location }) => location.city],
  ['country', ({ location }) => location.country],
  ['mood', ({ mood }) => mood],
  ['duration_seconds', ({ duration_seconds }) => duration_seconds],
  ['listen_position', ({ listen_position }) => listen_position],
  ['percent_listened', ({ percent_listened }) => percent_listened],
  ['completed', ({ completed }) => completed],
  ['rating', ({ rating }) => rating],
  ['is_skipped', ({ is_skipped }) => is_skipped],
]

const csvLine = (listen: StoredListen) =>
  COLUMNS.map(([, of]) => {
    const value = of(listen)
    return csvCell(typeof value === 'boolean' ? String(value) : value)
  }).join(',')

/** The listens as the text of a file. */
function textOf(format: Format, listens: readonly StoredListen[]): string {
  return format === 'csv'
    ? listens.map((listen) => `${csvLine(listen)}\r\n`).join('')
    : listens.map((listen) => `${JSON.stringify(listen)}\n`).join('')
}

/**
 * Reads all listens of a view, the newest first, and makes a file of them. Only those that were there when it began:
 * it goes on from where each page ended.
 * @param onProgress how many are read
 */
export async function exportListens(
  view: View,
  format: Format,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<Blob> {
  const type = format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson'
  const parts: Blob[] = []
  if (format === 'csv') parts.push(new Blob([`${COLUMNS.map(([name]) => name).join(',')}\r\n`]))
  let cursor: string | null = null
  let done = 0
  do {
    const page: ListensAnswer = await getJson<ListensAnswer>(exportPageUrl(view, cursor), signal)
    // As blobs, which the browser keeps on disk where they are many.
    parts.push(new Blob([textOf(format, page.listens)]))
    done += page.listens.length
    onProgress(done)
    cursor = page.next
  } while (cursor !== null)
  return new Blob(parts, { type })
}
