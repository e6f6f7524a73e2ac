import type { ReactNode } from 'react'
import type { PipelineState } from '../api/answers.ts'
import { formatCount, formatRate, formatSeconds, pluralise } from '../format/numbers.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'

interface StageProps {
  icon: IconName
  name: string
  /** The figure that matters most here, with its unit. */
  figure: string
  unit: string
  children: ReactNode
}

function Stage({ icon, name, figure, unit, children }: StageProps) {
  return (
    <li className="card flow-stage">
      <h3 className="flow-name">
        <Icon name={icon} size={16} />
        {name}
      </h3>
      <p className="flow-figure">
        <strong>{figure}</strong> {unit}
      </p>
      <ul className="flow-notes">{children}</ul>
    </li>
  )
}

const rate = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : formatRate(value)
const counted = (value: number, one: string, other: string) =>
  `${formatCount(value)} ${pluralise(value, one, other)}`

interface Props {
  state: PipelineState | undefined
  /** Listens in the store; undefined while that is not known. */
  listens: number | undefined
  /** Dead letters that wait for somebody. */
  deadLetters: number | undefined
}

/** The way of an event from whoever plays music to this page, with what happens at each stage now. */
export function Flow({ state, listens, deadLetters }: Props) {
  const sample = state?.history.at(-1)
  const process = state?.process
  const sum = (of: (partition: PipelineState['partitions'][number]) => number) =>
    state?.partitions.reduce((total, partition) => total + of(partition), 0) ?? 0
  const members = state?.group.members.length ?? 0
  const here = process?.read !== null && process?.read !== undefined
  return (
    <section className="flow" aria-labelledby="flow-title">
      <h2 id="flow-title" className="visually-hidden">
        How an event flows
      </h2>
      <ol className="flow-stages">
        <Stage icon="music" name="Producers" figure={rate(sample?.arrived)} unit="records/s">
          <li>Players, the form, the API, the simulated crowd</li>
        </Stage>
        <Stage
          icon="rows"
          name="Kafka topic"
          figure={state ? formatCount(sum(({ end, earliest }) => end - earliest)) : '–'}
          unit="records"
        >
          <li>{counted(state?.partitions.length ?? 0, 'partition', 'partitions')}</li>
          <li>
            {counted(
              sum(({ lag }) => lag),
              'record waits',
              'records wait',
            )}
          </li>
        </Stage>
        <Stage icon="flow" name="Pipeline" figure={rate(sample?.handled)} unit="records/s">
          <li>{counted(members, 'process reads', 'processes read')}</li>
          {here && (
            <li>
              {counted((process.batch ?? 0) + (process.in_flight ?? 0), 'record', 'records')} in memory
              {process.insert_seconds !== null && `, ${formatSeconds(process.insert_seconds)} per INSERT`}
            </li>
          )}
          {here && <li>{counted(process.dropped ?? 0, 'repeat', 'repeats')} dropped since the start</li>}
        </Stage>
        <Stage
          icon="database"
          name="ClickHouse"
          figure={listens === undefined ? '–' : formatCount(listens)}
          unit="listens"
        >
          <li>each stored exactly once</li>
        </Stage>
        <Stage
          icon="pulse"
          name="API and live feed"
          figure={formatCount(process?.live_readers ?? 0)}
          unit="live readers"
        >
          <li>reads only the store</li>
        </Stage>
      </ol>
      <p className="flow-branch" data-any={(deadLetters ?? 0) > 0 || undefined}>
        <a href="#dead-letters">
          <Icon name="alert" size={16} />
          <strong>{deadLetters === undefined ? '–' : formatCount(deadLetters)}</strong>{' '}
          {pluralise(deadLetters ?? 0, 'dead letter', 'dead letters')}
        </a>
        <span className="text-secondary">records that could not be stored, with the reason</span>
      </p>
    </section>
  )
}
