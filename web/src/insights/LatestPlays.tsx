import { useQuery } from '@tanstack/react-query'
import type { ListensAnswer } from '../../../src/questions/listens.ts'
import { getJson } from '../api/request.ts'
import { ChartFrame } from '../charts/ChartFrame.tsx'
import type { Figures } from '../charts/figures.ts'
import { formatShare } from '../format/numbers.ts'
import { formatMoment } from '../format/when.ts'
import { listensUrl } from '../view/urls.ts'
import type { View } from '../view/view-state.ts'

const EVERY_MS = 3_000
const SHOWN = 12

/** The latest plays that match the page. */
export function LatestPlays({ view }: { view: View }) {
  const newest: View = { ...view, sort: 'timestamp', order: 'desc' }
  const asked = useQuery({
    queryKey: ['latest', newest.filters, newest.range, newest.zone],
    queryFn: ({ signal }) => getJson<ListensAnswer>(listensUrl(newest, null), signal),
    refetchInterval: EVERY_MS,
  })
  // One song alone need not be named in each row.
  const named = view.filters.title?.length !== 1
  const listens = asked.data?.listens.slice(0, SHOWN)
  const figures: Figures | undefined = listens && {
    columns: [
      { label: 'When', show: (value) => formatMoment(Number(value)) },
      { label: 'Title' },
      { label: 'Listener' },
      { label: 'City' },
      { label: 'Heard (share)', show: (value) => formatShare(Number(value)) },
    ],
    rows: listens.map((listen) => ({
      key: listen.id,
      values: [
        listen.timestamp,
        listen.title,
        listen.name,
        listen.location.city,
        listen.percent_listened / 100,
      ],
    })),
  }
  return (
    <ChartFrame
      id="latest"
      title="Latest plays"
      help="The most recent plays for the filters above."
      asked={asked}
      figures={figures}
      height={340}
    >
      <div className="latest-rows">
        <table className="figure-table">
          <thead>
            <tr>
              <th scope="col">When</th>
              {named && <th scope="col">Title</th>}
              <th scope="col">Listener</th>
              <th scope="col">Where</th>
              <th scope="col" data-align="end">
                Heard
              </th>
            </tr>
          </thead>
          <tbody>
            {listens?.slice(0, 9).map((listen) => (
              <tr key={listen.id}>
                <td>{formatMoment(listen.timestamp)}</td>
                {named && <td>{listen.title}</td>}
                <td>{listen.name}</td>
                <td>
                  {listen.location.city}, {listen.location.country}
                </td>
                <td data-align="end">{formatShare(listen.percent_listened / 100)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartFrame>
  )
}
