import type { Totals } from '../../../src/questions/totals.ts'
import { formatChange, formatCount, formatListeningTime, formatPoints, pluralise } from '../format/numbers.ts'
import { completionRate, showExactRate, skipRate } from '../format/rates.ts'

interface Props {
  now: Totals | undefined
  /** Undefined without a comparison. */
  before: Totals | undefined
}

interface Figure {
  name: string
  value: string
  change: string | undefined
  /** Whether an increase is good, bad or neither. */
  more: 'good' | 'bad'
}

function figuresOf(now: Totals, before: Totals | undefined): Figure[] {
  const rate = (name: string, of: (totals: Totals) => number | null, more: Figure['more']): Figure => {
    const value = of(now)
    const then = before ? of(before) : null
    const change = value === null || then === null ? undefined : formatPoints(value - then)
    return { name, value: showExactRate(value), change, more }
  }
  const amount = (name: string, of: (totals: Totals) => number, show: (value: number) => string): Figure => ({
    name,
    value: show(of(now)),
    change: before && formatChange(of(now), of(before)),
    more: 'good',
  })
  return [
    amount(pluralise(now.listens, 'Play', 'Plays'), ({ listens }) => listens, formatCount),
    amount('Listening time', ({ seconds_listened }) => seconds_listened, formatListeningTime),
    amount(pluralise(now.listeners, 'Listener', 'Listeners'), ({ listeners }) => listeners, formatCount),
    rate('Completion rate', completionRate, 'good'),
    rate('Skip rate', skipRate, 'bad'),
  ]
}

const PLACES = ['Plays', 'Listening time', 'Listeners', 'Completion rate', 'Skip rate']

/** The main figures, each beside that of the period before. */
export function Headline({ now, before }: Props) {
  const figures = now && figuresOf(now, before)
  return (
    <dl className="card headline" aria-label="Totals">
      {PLACES.map((place, at) => {
        const figure = figures?.[at]
        const rising = figure?.change?.startsWith('+')
        const tone =
          figure?.change === undefined || /^0/.test(figure.change)
            ? 'even'
            : rising === (figure.more === 'good')
              ? 'good'
              : 'bad'
        return (
          <div key={place} className="headline-figure">
            <dt>{figure?.name ?? place}</dt>
            <dd>
              <strong>{figure?.value ?? '–'}</strong>
              <span className="headline-change" data-tone={tone}>
                {figure?.change !== undefined && (
                  <>
                    {figure.change}
                    <span className="visually-hidden"> compared with the period before</span>
                  </>
                )}
              </span>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
