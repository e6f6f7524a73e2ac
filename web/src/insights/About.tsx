import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { dropOff, hours, overTime, ratings, totals } from '../api/questions.ts'
import { type Curve, DropOffChart } from '../charts/DropOffChart.tsx'
import { HoursChart } from '../charts/HoursChart.tsx'
import { ListensHref } from '../charts/listens-href.ts'
import { amountOf } from '../charts/measure.ts'
import { RatesChart } from '../charts/RatesChart.tsx'
import { RatingsChart } from '../charts/RatingsChart.tsx'
import { FilterChips } from '../filters/FilterChips.tsx'
import { Toolbar } from '../filters/Toolbar.tsx'
import { InHeader } from '../ui/header-slot.tsx'
import { Link } from '../ui/Link.tsx'
import { FILTER_KEYS, type FilterKey } from '../view/filter.ts'
import type { Chosen } from '../view/urls.ts'
import { AskedStatus } from './AskedStatus.tsx'
import { Headline } from './Headline.tsx'
import { LatestPlays } from './LatestPlays.tsx'
import { OverTime } from './OverTime.tsx'
import { type TopBy, TopList } from './TopList.tsx'
import type { useChosen } from './use-chosen.ts'

interface Props {
  state: ReturnType<typeof useChosen>
  name: string
  heading: ReactNode
  /** What it is compared with: the same, without being about it. */
  average: Chosen
  /** The filters that say what it is. */
  about: readonly FilterKey[]
  lists: readonly (readonly [TopBy, string])[]
}

/** Everything about one song or artist, beside the average of all. */
export function About({ state, name, heading, average, about, lists }: Props) {
  const { view, changeView, chosen, compared, zone, filterBy, filterByOnly, filterByEnd, showListens } = state
  const { measure } = view
  const more = FILTER_KEYS.filter((key) => !about.includes(key))
  const all = useQuery(totals(chosen))
  const before = useQuery({ ...totals(chosen, true), enabled: compared })
  const own = useQuery(dropOff(chosen))
  const usual = useQuery(dropOff(average))
  const rates = useQuery(overTime(chosen))
  const week = useQuery(hours(chosen))
  const stars = useQuery(ratings(chosen))
  const total = all.data ? amountOf(measure, all.data) : undefined
  const curves: Curve[] | undefined =
    own.data && usual.data
      ? [
          { name, answer: own.data },
          { name: 'Average of all', answer: usual.data },
        ]
      : undefined
  return (
    <ListensHref value={state.listensHref}>
      <div className="page-stack">
        <InHeader>
          <AskedStatus asked={all} />
        </InHeader>
        <div className="about-top">
          <div className="about-heading">{heading}</div>
          <Link className="btn" href={state.listensHref}>
            Show its listens
          </Link>
        </div>
        <Toolbar view={view} onChange={changeView} />
        <FilterChips view={{ ...view, range: undefined }} onChange={changeView} keys={more} />
        <Headline now={all.data ?? undefined} before={compared ? (before.data ?? undefined) : undefined} />
        <div className="page-columns">
          <DropOffChart asked={own} curves={curves} onPick={filterByEnd} />
          <RatesChart asked={rates} answer={rates.data ?? undefined} zone={zone} onPick={showListens} />
        </div>
        <OverTime state={state} />
        <div className="page-columns" data-of="3">
          {lists.map(([by, title]) => (
            <TopList
              key={by}
              by={by}
              title={title}
              view={view}
              chosen={chosen}
              total={total}
              onPick={(changes) => filterBy(...changes)}
            />
          ))}
        </div>
        <div className="page-columns">
          <HoursChart
            asked={week}
            answer={week.data ?? undefined}
            measure={measure}
            zone={zone}
            onPick={(weekday, hour) => filterByOnly({ weekday: String(weekday), hour: String(hour) })}
          />
          <RatingsChart
            asked={stars}
            answer={stars.data ?? undefined}
            onPick={(rating) => filterBy(['rating', String(rating)])}
          />
        </div>
        <div className="page-columns">
          <TopList
            by="mood"
            title="Moods"
            view={view}
            chosen={chosen}
            total={total}
            onPick={(changes) => filterBy(...changes)}
            rows={10}
          />
          <LatestPlays view={{ ...view, range: state.range }} />
        </div>
      </div>
    </ListensHref>
  )
}
