import '../charts/ranked.css'
import '../insights/insights.css'
import { useQuery } from '@tanstack/react-query'
import { hours, moodGenre, overTime, ratings, top, totals } from '../api/questions.ts'
import { HoursChart } from '../charts/HoursChart.tsx'
import { ListensHref } from '../charts/listens-href.ts'
import { MoodGenreChart } from '../charts/MoodGenreChart.tsx'
import { amountOf } from '../charts/measure.ts'
import { RatesChart } from '../charts/RatesChart.tsx'
import { RatingsChart } from '../charts/RatingsChart.tsx'
import { WorldChart } from '../charts/WorldChart.tsx'
import { Filtering } from '../filters/Filtering.tsx'
import { Toolbar } from '../filters/Toolbar.tsx'
import { AskedStatus } from '../insights/AskedStatus.tsx'
import { DropOff } from '../insights/DropOff.tsx'
import { Headline } from '../insights/Headline.tsx'
import { LatestPlays } from '../insights/LatestPlays.tsx'
import { OverTime } from '../insights/OverTime.tsx'
import { type TopBy, TopList } from '../insights/TopList.tsx'
import { useChosen } from '../insights/use-chosen.ts'
import { InHeader } from '../ui/header-slot.tsx'

const COUNTRIES = 300

/** Charts and figures about all listens. */
export function InsightsPage() {
  const state = useChosen()
  const { view, changeView, chosen, compared, zone, filterBy, filterByOnly, filterByEnd, showListens } = state
  const { measure } = view
  const all = useQuery(totals(chosen))
  const before = useQuery({ ...totals(chosen, true), enabled: compared })
  const rates = useQuery(overTime(chosen))
  const week = useQuery(hours(chosen))
  const moods = useQuery(moodGenre(chosen))
  const stars = useQuery(ratings(chosen))
  const countries = useQuery(top(chosen, 'country', measure, COUNTRIES))
  const total = all.data ? amountOf(measure, all.data) : undefined
  const list = (by: TopBy, title: string, rows?: number) => (
    <TopList
      by={by}
      title={title}
      view={view}
      chosen={chosen}
      total={total}
      onPick={(changes) => filterBy(...changes)}
      {...(rows === undefined ? {} : { rows })}
    />
  )
  return (
    <ListensHref value={state.listensHref}>
      <div className="page-stack">
        <InHeader>
          <AskedStatus asked={all} />
        </InHeader>
        <h1 className="visually-hidden">Insights</h1>
        <div className="insights-top">
          <Toolbar view={view} onChange={changeView} />
          <Filtering view={{ ...view, range: undefined }} onChange={changeView} verb="Show insights" />
        </div>
        <Headline now={all.data ?? undefined} before={compared ? (before.data ?? undefined) : undefined} />
        <OverTime state={state} />
        <div className="page-columns" data-of="3">
          {list('song', 'Songs')}
          {list('artist', 'Artists')}
          {list('genre', 'Genres')}
        </div>
        <div className="page-columns">
          <DropOff
            chosen={chosen}
            versus={view.versus}
            onVersus={(versus) => changeView({ versus })}
            onPick={filterByEnd}
          />
          <RatesChart asked={rates} answer={rates.data ?? undefined} zone={zone} onPick={showListens} />
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
        <div className="page-columns" data-split="wide">
          <MoodGenreChart
            asked={moods}
            answer={moods.data ?? undefined}
            measure={measure}
            onPick={(mood, genre) => filterByOnly({ mood, genre })}
          />
          {list('platform', 'Platforms', 10)}
        </div>
        <div className="page-columns" data-split="wide">
          <WorldChart
            asked={countries}
            countries={countries.data?.values}
            measure={measure}
            onPick={(country) => filterBy(['country', country])}
          />
          {list('country', 'Countries', 11)}
        </div>
        <div className="page-columns">
          {list('city', 'Cities')}
          {list('user', 'Listeners')}
        </div>
        <LatestPlays view={{ ...view, range: state.range }} />
      </div>
    </ListensHref>
  )
}
