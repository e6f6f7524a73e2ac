import { useQuery } from '@tanstack/react-query'
import type { ECElementEvent } from 'echarts/core'
import { formatShare } from '../format/numbers.ts'
import type { Measure } from '../view/view-state.ts'
import { tooltip } from './axes.ts'
import { type Asked, ChartFrame } from './ChartFrame.tsx'
import type { Figures } from './figures.ts'
import { HeatScale } from './HeatScale.tsx'
import { heatScale } from './heat.ts'
import { amountLabel, amountOf, type Heard, showAmount } from './measure.ts'
import { type Palette, usePalette } from './palette.ts'
import { tip } from './tip.ts'

export interface Country extends Heard {
  value: string
  /** ISO 3166 code (alpha-2); undefined for a text that is not a country. */
  code?: string
}

interface Props {
  asked: Asked
  countries: readonly Country[] | undefined
  measure: Measure
  onPick(country: string): void
}

interface Land {
  name: string
  value: number
  country: string
}

function optionOf(lands: readonly Land[], total: number, measure: Measure, palette: Palette) {
  return {
    visualMap: heatScale(palette, Math.max(0, ...lands.map(({ value }) => value))),
    tooltip: {
      ...tooltip(palette),
      formatter: ({ name, data }: { name: string; data?: Land }) =>
        data
          ? tip(
              data.country,
              [
                { name: amountLabel(measure), value: showAmount(measure, data.value) },
                { name: 'Of all', value: formatShare(data.value / total) },
              ],
              'Click to filter',
            )
          : tip(name, [{ name: 'Nothing played', value: '' }]),
    },
    series: [
      {
        id: 'world',
        type: 'map' as const,
        map: 'world',
        left: 4,
        right: 4,
        top: 4,
        bottom: 4,
        selectedMode: false,
        itemStyle: { areaColor: palette.heat[0], borderColor: palette.surface, borderWidth: 0.7 },
        label: { show: false },
        emphasis: { label: { show: false }, itemStyle: { areaColor: palette.series[2] } },
        data: [...lands],
      },
    ],
  }
}

const figuresOf = (countries: readonly Country[], { measure, onPick }: Props): Figures => ({
  columns: [
    { label: 'Country' },
    { label: amountLabel(measure), show: (value) => showAmount(measure, Number(value)) },
  ],
  rows: countries.map((country) => ({
    key: country.value,
    values: [country.value, amountOf(measure, country)],
    pick: () => onPick(country.value),
  })),
})

/** Countries that are not on the map, with their amounts. */
function OffMap({
  countries,
  measure,
  onPick,
}: Pick<Props, 'measure' | 'onPick'> & { countries: readonly Country[] }) {
  return (
    <ul className="off-map" aria-label="Not on the map">
      {countries.map((country) => (
        <li key={country.value}>
          <button type="button" className="legend-item" onClick={() => onPick(country.value)}>
            {country.value} {showAmount(measure, amountOf(measure, country))}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Listening by country. */
export function WorldChart(props: Props) {
  const { asked, countries, measure, onPick } = props
  const palette = usePalette()
  const world = useQuery({
    queryKey: ['world'],
    queryFn: async () => ({ onMap: (await import('./world.ts')).loadWorld() }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const onMap = world.data?.onMap
  const lands =
    onMap &&
    countries?.flatMap((country): Land[] => {
      const name = onMap(country.code)
      return name === undefined ? [] : [{ name, country: country.value, value: amountOf(measure, country) }]
    })
  const total = countries?.reduce((sum, country) => sum + amountOf(measure, country), 0) ?? 0
  const most = Math.max(0, ...(lands?.map(({ value }) => value) ?? []))
  const unseen = onMap && countries?.filter(({ code }) => onMap(code) === undefined)
  return (
    <ChartFrame
      id="world"
      title="Around the world"
      help="Plays by the country of the listener. All names of a country count together. Countries that are too small for the map, and unknown places, are listed below."
      asked={world.isError ? world : asked}
      figures={countries && lands && figuresOf(countries, props)}
      height={380}
      marks={
        lands && {
          option: optionOf(lands, total, measure, palette),
          summary: `${amountLabel(measure)} by country: ${countries?.length ?? 0} countries, the most in ${countries?.[0]?.value ?? 'none'}.`,
          onPick: ({ data }: ECElementEvent) => {
            const land = data as Partial<Land> | undefined
            if (land?.country !== undefined) onPick(land.country)
          },
        }
      }
      legend={
        <>
          <HeatScale most={`${showAmount(measure, most)}${measure === 'plays' ? ' plays' : ''}`} />
          {unseen && unseen.length > 0 && <OffMap countries={unseen} measure={measure} onPick={onPick} />}
        </>
      }
    />
  )
}
