import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { totalsQuery } from '../api/queries.ts'
import { RequestError } from '../api/request.ts'
import { Filtering } from '../filters/Filtering.tsx'
import { RangePicker } from '../filters/RangePicker.tsx'
import { formatCount, formatMegabytes, formatShare, pluralise } from '../format/numbers.ts'
import { downloadBlob } from '../ui/share.ts'
import type { ExportFormat } from '../view/urls.ts'
import { useView } from '../view/use-view.ts'
import { ownZone } from '../view/zone.ts'
import { exportListens, type Progress } from './export-listens.ts'

const FORMATS = [
  ['csv', 'CSV'],
  ['jsonl', 'JSON Lines'],
  ['parquet', 'Parquet'],
] as const satisfies readonly (readonly [ExportFormat, string])[]

const BROKEN_OFF = 'the connection broke off before its end.'

type State =
  | { is: 'idle' }
  | { is: 'running'; progress: Progress }
  | { is: 'done'; count: number }
  | { is: 'failed'; why: string }

/** Downloads the chosen listens as a file. */
export function Export() {
  const [view, changeView] = useView()
  const { data } = useQuery({ ...totalsQuery(view), refetchInterval: 5_000 })
  const [state, setState] = useState<State>({ is: 'idle' })
  const running = useRef<AbortController>(undefined)
  const listens = data?.listens

  async function start(format: ExportFormat): Promise<void> {
    const stopping = new AbortController()
    running.current = stopping
    setState({ is: 'running', progress: { bytes: 0 } })
    try {
      const { file, listens: count } = await exportListens(view, format, stopping.signal, (progress) =>
        setState({ is: 'running', progress }),
      )
      downloadBlob(`playhead-listens.${format}`, file)
      setState({ is: 'done', count })
    } catch (error) {
      if (stopping.signal.aborted) setState({ is: 'idle' })
      else setState({ is: 'failed', why: error instanceof RequestError ? error.message : BROKEN_OFF })
    }
  }

  return (
    <section className="card plain-card" aria-labelledby="export-title">
      <h2 id="export-title" className="frame-title">
        Export
      </h2>
      <p className="plain-note">
        All fields of all matching listens, newest first. Texts that a spreadsheet would run as a formula
        start with an apostrophe.
      </p>
      <div className="data-filters">
        <Filtering view={view} onChange={changeView} verb="Done">
          <RangePicker
            range={view.range ?? 'all'}
            zone={view.zone ?? ownZone()}
            onChange={(range) => changeView({ range: range === 'all' ? undefined : range })}
          />
        </Filtering>
      </div>
      <div className="export-bar">
        <p className="export-count">
          <strong>{listens === undefined ? '–' : formatCount(listens)}</strong>{' '}
          {pluralise(listens ?? 0, 'listen', 'listens')}
        </p>
        {state.is === 'running' ? (
          <>
            <progress className="export-progress" aria-label="Exported" value={state.progress.share} />
            <span className="export-amount">
              {state.progress.share === undefined ? '' : `${formatShare(state.progress.share)}, `}
              {formatMegabytes(state.progress.bytes)}
            </span>
            <button type="button" className="btn" onClick={() => running.current?.abort()}>
              Stop
            </button>
          </>
        ) : (
          FORMATS.map(([format, name]) => (
            <button key={format} type="button" className="btn btn-primary" onClick={() => void start(format)}>
              Export as {name}
            </button>
          ))
        )}
      </div>
      <p className="plain-note" role="status">
        {state.is === 'done' &&
          `${formatCount(state.count)} ${pluralise(state.count, 'listen is', 'listens are')} in the file.`}
        {state.is === 'failed' && `The export stopped: ${state.why} No file was written. Try again.`}
      </p>
    </section>
  )
}
