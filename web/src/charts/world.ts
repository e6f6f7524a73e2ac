import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import atlas from 'world-atlas/countries-110m.json'
import { registerMap } from './echarts.ts'

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

/** What events call a country, where the map calls it otherwise. */
const ON_MAP: Record<string, string> = {
  'United States': 'United States of America',
  USA: 'United States of America',
  UK: 'United Kingdom',
  Türkiye: 'Turkey',
  'Czech Republic': 'Czechia',
  Bosnia: 'Bosnia and Herz.',
  'Bosnia and Herzegovina': 'Bosnia and Herz.',
  'North Macedonia': 'Macedonia',
  'Dominican Republic': 'Dominican Rep.',
  'Democratic Republic of the Congo': 'Dem. Rep. Congo',
  'Central African Republic': 'Central African Rep.',
  'Equatorial Guinea': 'Eq. Guinea',
  'South Sudan': 'S. Sudan',
  Eswatini: 'eSwatini',
  'Ivory Coast': "Côte d'Ivoire",
  'Solomon Islands': 'Solomon Is.',
  'Republic of Korea': 'South Korea',
  'Viet Nam': 'Vietnam',
  'Russian Federation': 'Russia',
}

export const MAP = 'world'

type Place = [longitude: number, latitude: number]

/** A ring that crosses the 180th meridian goes on beyond it, instead of jumping across the whole map. */
function unwrapped(ring: number[][]): Place[] {
  const west = ring.some(
    ([longitude = 0], at) => Math.abs(longitude - (ring[at - 1]?.[0] ?? longitude)) > 180,
  )
  return ring.map(([longitude = 0, latitude = 0]) => [
    west && longitude < 0 ? longitude + 360 : longitude,
    latitude,
  ])
}

/** Makes the map known to the charts. @returns the names of the countries on it, by the names that events use */
export function loadWorld(): (country: string) => string | undefined {
  const world = atlas as unknown as World
  const { features, type } = feature(world, world.objects.countries)
  // Nobody lives there, and it would take a quarter of the room.
  const lands = features.filter(({ properties }) => properties.name !== 'Antarctica')
  for (const { geometry } of lands) {
    if (geometry.type === 'Polygon') geometry.coordinates = geometry.coordinates.map(unwrapped)
    else if (geometry.type === 'MultiPolygon')
      geometry.coordinates = geometry.coordinates.map((rings) => rings.map(unwrapped))
  }
  registerMap(MAP, { type, features: lands } as never)
  const names = new Set(lands.map(({ properties }) => properties.name))
  return (country) => {
    const name = ON_MAP[country] ?? country
    return names.has(name) ? name : undefined
  }
}
