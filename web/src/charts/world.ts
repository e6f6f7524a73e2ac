import codes from 'i18n-iso-countries/codes.json'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import atlas from 'world-atlas/countries-110m.json'
import { registerMap } from './echarts.ts'

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>

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

/** Lands of the map that have no number in ISO 3166, by the code in common use. */
const WITHOUT_NUMBER: Readonly<Record<string, string>> = { XK: 'Kosovo' }

/** Registers the map with the charts. @returns the name on it of a country by its ISO 3166 code (alpha-2) */
export function loadWorld(): (code: string | undefined) => string | undefined {
  const world = atlas as unknown as World
  const { features, type } = feature(world, world.objects.countries)
  // Nobody lives in Antarctica, and it would take a quarter of the room.
  const lands = features.filter(({ properties }) => properties.name !== 'Antarctica')
  for (const { geometry } of lands) {
    if (geometry.type === 'Polygon') geometry.coordinates = geometry.coordinates.map(unwrapped)
    else if (geometry.type === 'MultiPolygon')
      geometry.coordinates = geometry.coordinates.map((rings) => rings.map(unwrapped))
  }
  registerMap(MAP, { type, features: lands } as never)
  const byNumber = new Map(lands.map(({ id, properties }) => [String(id), properties.name]))
  const byCode = new Map(codes.map(([two, , number]) => [two, byNumber.get(number ?? '')]))
  return (code = '') => byCode.get(code) ?? WITHOUT_NUMBER[code]
}
