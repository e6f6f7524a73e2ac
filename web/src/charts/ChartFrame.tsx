import { lazy, type ReactNode, Suspense, use, useEffect, useRef, useState } from 'react'
import { Help } from '../ui/Help.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Menu, type MenuItem } from '../ui/Menu.tsx'
import { copyLink, copyPicture, download, downloadText } from '../ui/share.ts'
import { goTo } from '../view/address.ts'
import type { CanvasHandle, CanvasProps } from './Canvas.tsx'
import { FigureTable } from './FigureTable.tsx'
import { type Figures, figuresCsv } from './figures.ts'
import { ListensHref } from './listens-href.ts'

const Canvas = lazy(async () => ({ default: (await import('./Canvas.tsx')).Canvas }))

/** The parts of a question's state that a frame needs. */
export interface Asked {
  isPending: boolean
  isError: boolean
  isPlaceholderData: boolean
  error: Error | null
  refetch(): unknown
}

interface Props {
  /** Names the chart in links and files. */
  id: string
  title: string
  /** How it is computed, and in which unit. */
  help: string
  asked: Asked
  /** Undefined until there is an answer. */
  figures: Figures | undefined
  /** Height of the content in pixels, the same in every state, so that nothing below moves. */
  height: number
  /** Marks drawn on a canvas; charts made of elements are the children instead. */
  marks?: Pick<CanvasProps, 'option' | 'summary' | 'onPick' | 'onPickAt'> | undefined
  children?: ReactNode
  controls?: ReactNode
  /** Shown beside or under the marks, such as a legend. */
  legend?: ReactNode
  empty?: string
}

/** Frame of every chart: title, explanation, loading and error states, and copy and download. */
export function ChartFrame(props: Props) {
  const { id, title, help, asked, figures, height, marks, children, controls, legend } = props
  const [asTable, setAsTable] = useState(false)
  const listensHref = use(ListensHref)
  const section = useRef<HTMLElement>(null)
  const canvas = useRef<CanvasHandle>(null)

  useEffect(() => {
    // A link to a chart arrives before the chart exists, so the browser cannot scroll to it.
    if (location.hash === `#${id}`) section.current?.scrollIntoView()
  }, [id])

  const background = () =>
    section.current ? getComputedStyle(section.current).backgroundColor : 'transparent'
  const withPicture = (use: (picture: string) => void) => () => {
    const picture = canvas.current?.picture(background())
    if (picture !== undefined) use(picture)
  }
  const shown =
    asked.isError && !figures ? 'error' : !figures ? 'loading' : figures.rows.length === 0 ? 'empty' : 'ready'
  const items: MenuItem[] = [{ name: 'Copy link', icon: 'link', run: () => void copyLink(id) }]
  if (listensHref !== undefined)
    items.unshift({ name: 'Show the listens', icon: 'pulse', run: () => goTo(listensHref) })
  if (figures && shown === 'ready') {
    items.push({
      name: 'Download CSV',
      icon: 'download',
      run: () => downloadText(`playhead-${id}.csv`, 'text/csv;charset=utf-8', figuresCsv(figures)),
    })
    if (marks && !asTable)
      items.push(
        { name: 'Copy as image', icon: 'image', run: withPicture((picture) => void copyPicture(picture)) },
        {
          name: 'Download PNG',
          icon: 'download',
          run: withPicture((picture) => download(`playhead-${id}.png`, picture)),
        },
      )
  }

  return (
    <section ref={section} id={id} className="card chart-frame" aria-labelledby={`${id}-title`}>
      <header className="frame-header">
        <h2 id={`${id}-title`} className="frame-title">
          {title}
        </h2>
        <Help about={title.toLowerCase()}>{help}</Help>
        <div className="frame-controls">{controls}</div>
        <button
          type="button"
          className="frame-button"
          aria-label={`${title} as a table`}
          title="As a table"
          aria-pressed={asTable}
          onClick={() => setAsTable((before) => !before)}
        >
          <Icon name="table" size={16} />
        </button>
        <Menu label={`More for ${title.toLowerCase()}`} items={items} />
      </header>
      <div
        className="frame-body"
        style={{ height }}
        data-stale={asked.isPlaceholderData || undefined}
        aria-busy={shown === 'loading' || asked.isPlaceholderData}
      >
        {shown === 'loading' && (
          <div className="frame-loading" role="status" aria-label={`Loading ${title.toLowerCase()}`} />
        )}
        {shown === 'error' && (
          <div className="frame-blank" role="alert">
            <p>{asked.error?.message ?? 'This could not be loaded.'}</p>
            <button type="button" className="btn btn-sm" onClick={() => asked.refetch()}>
              Try again
            </button>
          </div>
        )}
        {shown === 'empty' && (
          <p className="frame-blank">{props.empty ?? 'Nothing was played in this time.'}</p>
        )}
        {figures && shown === 'ready' && asTable && <FigureTable label={title} figures={figures} />}
        {shown === 'ready' && !asTable && (
          <>
            {marks && (
              <Suspense fallback={<div className="frame-loading" />}>
                <Canvas ref={canvas} {...marks} />
              </Suspense>
            )}
            {children}
          </>
        )}
      </div>
      {legend && <footer className="frame-legend">{legend}</footer>}
    </section>
  )
}
