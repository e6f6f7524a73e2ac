import { useQuery } from '@tanstack/react-query'
import { dropOff, top } from '../api/questions.ts'
import { type Curve, DropOffChart } from '../charts/DropOffChart.tsx'
import { withChosen } from '../view/filter.ts'
import type { Chosen } from '../view/urls.ts'

const KINDS = ['artist', 'genre', 'platform', 'mood'] as const
type Kind = (typeof KINDS)[number]

interface Props {
  chosen: Chosen
  /** Things such as `genre:Pop`; two of them are compared with each other, one with all. */
  versus: readonly string[]
  onVersus(versus: readonly string[]): void
  onPick(percent: number): void
}

const CHOICES = 8

function split(thing: string): { kind: Kind; value: string } | undefined {
  const at = thing.indexOf(':')
  const kind = KINDS.find((name) => name === thing.slice(0, at))
  return kind && { kind, value: thing.slice(at + 1) }
}

const only = (chosen: Chosen, thing: string | undefined): Chosen => {
  const found = thing === undefined ? undefined : split(thing)
  return found ? { ...chosen, filters: withChosen(chosen.filters, found.kind, [found.value]) } : chosen
}

/** The drop-off of all, and of two things that are compared. */
export function DropOff({ chosen, versus, onVersus, onPick }: Props) {
  const all = useQuery(dropOff(chosen))
  const [one, two] = versus
  const first = useQuery({ ...dropOff(only(chosen, one)), enabled: one !== undefined })
  const second = useQuery({ ...dropOff(only(chosen, two)), enabled: two !== undefined })
  const artists = useQuery(top(chosen, 'artist', 'plays', CHOICES))
  const genres = useQuery(top(chosen, 'genre', 'plays', CHOICES))
  const platforms = useQuery(top(chosen, 'platform', 'plays', CHOICES))
  const moods = useQuery(top(chosen, 'mood', 'plays', CHOICES))
  const groups = [
    { kind: 'artist', name: 'Artists', values: artists.data?.values },
    { kind: 'genre', name: 'Genres', values: genres.data?.values },
    { kind: 'platform', name: 'Platforms', values: platforms.data?.values },
    { kind: 'mood', name: 'Moods', values: moods.data?.values },
  ]
  const curves: Curve[] | undefined = all.data ? [{ name: 'All', answer: all.data }] : undefined
  for (const [thing, asked] of [
    [one, first],
    [two, second],
  ] as const) {
    const named = thing === undefined ? undefined : split(thing)
    if (named && asked.data && curves) curves.push({ name: named.value, answer: asked.data })
  }

  const choose = (at: number, thing: string) => {
    const next = [...versus]
    if (thing === '') next.splice(at, 1)
    else next[at] = thing
    onVersus(next.filter((each) => each !== undefined))
  }
  const select = (at: number, label: string) => {
    const value = versus[at] ?? ''
    const known = groups.some(({ kind, values }) => values?.some((each) => `${kind}:${each.value}` === value))
    return (
      <select
        className="form-select versus"
        aria-label={label}
        value={value}
        onChange={(event) => choose(at, event.target.value)}
      >
        <option value="">{at === 0 ? 'Compare…' : 'with…'}</option>
        {value !== '' && !known && <option value={value}>{split(value)?.value}</option>}
        {groups.map(({ kind, name, values }) => (
          <optgroup key={kind} label={name}>
            {values?.map((each) => (
              <option key={each.value} value={`${kind}:${each.value}`}>
                {each.value}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    )
  }

  return (
    <DropOffChart
      asked={all}
      curves={curves}
      onPick={onPick}
      controls={
        <>
          {select(0, 'First to compare')}
          {one !== undefined && select(1, 'Second to compare')}
        </>
      }
    />
  )
}
