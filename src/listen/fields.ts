/** One field of a listen; see {@link FIELDS}. */
export interface Field {
  /** Permanent number in the archive's Iceberg table. A new field takes the next free one; 1 to 4 and 23 are taken. */
  readonly id: number
  /** Name on the topic and in the API. A dot leads into an object. */
  readonly path: string
  readonly kind: 'text' | 'number' | 'boolean' | 'time'
  /**
   * - `required`: a producer must send it.
   * - `optional`: a producer may leave it out; our own events always contain it.
   * - `extra`: not in the original format; events contain it only when it is known.
   * - `derived`: not on the topic; computed by the store.
   */
  readonly presence: 'required' | 'optional' | 'extra' | 'derived'
  /** Whether it may be null. An unknown text is not null but empty. */
  readonly nullable?: true
  /** Limit of a text, in code points. A required text has at least one. */
  readonly maxLength?: number
  /** Limits of a number, in its unit. */
  readonly minimum?: number
  readonly above?: number
  readonly maximum?: number
  readonly step?: number
  readonly unit?: 'seconds' | 'seconds since 1970, UTC' | 'stars' | 'percent'
  /** Column of the table `listens`, with the type that an INSERT gives; `schema/` may store it in another one. */
  readonly column: string
  readonly type: 'String' | 'Float64' | 'Float32' | 'Nullable(Float32)' | 'Bool' | 'DateTime64(3)'
  /**
   * How it can be filtered. `values`: any of the given texts; `truth`: true or false; `special`: by the rules in
   * `match.ts` and `questions/filter.ts`.
   */
  readonly filter?: { readonly name: string; readonly by: 'values' | 'truth' | 'special' }
  /** Whether it can be sorted by. `few`: a text with so few different values that all of them can be looked at. */
  readonly sort?: 'yes' | 'few'
  /** Whether it tells who a person is. */
  readonly personal?: true
  /** What it says something about; the page groups fields by this. */
  readonly about: 'listener' | 'track' | 'play'
  readonly label: string
  readonly description: string
}

/**
 * The longest track, in seconds: 24 hours, which is enough for mixes and audiobooks. A song of 100 seconds and more whose
 * length is sent in milliseconds is above it.
 */
export const LONGEST_SECONDS = 86_400

/** The longest track that answers count, in seconds: 24 days. Earlier versions stored longer ones, which would make every sum infinite. */
export const LONGEST_COUNTED_SECONDS = 2_073_600

/**
 * Every field of a listen, in the order of the topic. The schema, the decoder and encoder, the columns of the store,
 * of exports and of the archive, filters, sorting, and the page's columns and form are derived from these rows.
 */
// biome-ignore format: a table
export const FIELDS = [
  { id: 6, path: 'user_id', kind: 'text', presence: 'required', maxLength: 128,
    column: 'user_id', type: 'String', filter: { name: 'user', by: 'special' }, personal: true,
    about: 'listener', label: 'Listener id', description: 'Who listened; any stable text, usually a UUID' },
  { id: 7, path: 'name', kind: 'text', presence: 'required', maxLength: 200,
    column: 'name', type: 'String', sort: 'yes', personal: true,
    about: 'listener', label: 'User', description: "The listener's display name" },
  { id: 8, path: 'email', kind: 'text', presence: 'optional', maxLength: 320,
    column: 'email', type: 'String', personal: true,
    about: 'listener', label: 'E-mail', description: "The listener's e-mail" },
  { id: 9, path: 'track_id', kind: 'text', presence: 'optional', maxLength: 128,
    column: 'track_id', type: 'String',
    about: 'track', label: 'Track id', description: 'Which track' },
  { id: 10, path: 'title', kind: 'text', presence: 'required', maxLength: 500,
    column: 'title', type: 'String', filter: { name: 'title', by: 'values' }, sort: 'yes',
    about: 'track', label: 'Title', description: "The track's title" },
  { id: 11, path: 'artist', kind: 'text', presence: 'required', maxLength: 500,
    column: 'artist', type: 'String', filter: { name: 'artist', by: 'values' }, sort: 'yes',
    about: 'track', label: 'Artist', description: "The track's artist" },
  { id: 12, path: 'genre', kind: 'text', presence: 'required', maxLength: 100,
    column: 'genre', type: 'String', filter: { name: 'genre', by: 'values' }, sort: 'few',
    about: 'track', label: 'Genre', description: "The track's genre" },
  { id: 5, path: 'timestamp', kind: 'time', presence: 'required', unit: 'seconds since 1970, UTC',
    column: 'listened_at', type: 'DateTime64(3)', filter: { name: 'time', by: 'special' }, sort: 'yes',
    about: 'play', label: 'When', description: 'When the play began, in seconds since 1970 (UTC)' },
  { id: 13, path: 'platform', kind: 'text', presence: 'required', maxLength: 100,
    column: 'platform', type: 'String', filter: { name: 'platform', by: 'values' }, sort: 'few',
    about: 'play', label: 'Platform', description: 'Where it was streamed, such as Spotify' },
  { id: 14, path: 'location.city', kind: 'text', presence: 'required', maxLength: 200,
    column: 'city', type: 'String', filter: { name: 'city', by: 'values' }, sort: 'yes',
    about: 'play', label: 'City', description: 'City the listener was in' },
  { id: 15, path: 'location.country', kind: 'text', presence: 'required', maxLength: 100,
    column: 'country', type: 'String', filter: { name: 'country', by: 'values' }, sort: 'few',
    about: 'play', label: 'Country', description: 'Country the listener was in' },
  { id: 16, path: 'mood', kind: 'text', presence: 'required', maxLength: 100,
    column: 'mood', type: 'String', filter: { name: 'mood', by: 'values' }, sort: 'few',
    about: 'play', label: 'Mood', description: "The listener's mood" },
  { id: 17, path: 'duration_seconds', kind: 'number', presence: 'required',
    above: 0, maximum: LONGEST_SECONDS, unit: 'seconds',
    column: 'duration_seconds', type: 'Float64', sort: 'yes',
    about: 'track', label: 'Length', description: "The track's length in seconds" },
  { id: 18, path: 'listen_position', kind: 'number', presence: 'required',
    minimum: 0, maximum: LONGEST_SECONDS, unit: 'seconds',
    column: 'listen_position', type: 'Float64', sort: 'yes',
    about: 'play', label: 'Position', description: 'How far into the track they got, in seconds' },
  { id: 19, path: 'percent_listened', kind: 'number', presence: 'derived', minimum: 0, maximum: 100, unit: 'percent',
    column: 'percent_listened', type: 'Float32', filter: { name: 'percent', by: 'special' }, sort: 'yes',
    about: 'play', label: '% listened', description: 'How much of the track was heard, 0 to 100' },
  { id: 20, path: 'completed', kind: 'boolean', presence: 'optional',
    column: 'completed', type: 'Bool', filter: { name: 'completed', by: 'truth' }, sort: 'yes',
    about: 'play', label: 'Completed', description: 'Heard to at least 80 % of the track' },
  { id: 21, path: 'rating', kind: 'number', presence: 'optional', nullable: true,
    minimum: 0, maximum: 5, step: 0.5, unit: 'stars',
    column: 'rating', type: 'Nullable(Float32)', filter: { name: 'rating', by: 'special' }, sort: 'yes',
    about: 'play', label: 'Rating', description: 'Stars from 0 to 5 in halves; null or absent where the listener gave none' },
  { id: 22, path: 'is_skipped', kind: 'boolean', presence: 'optional',
    column: 'is_skipped', type: 'Bool', filter: { name: 'skipped', by: 'truth' }, sort: 'yes',
    about: 'play', label: 'Skipped', description: 'Left before the end' },
  { id: 24, path: 'album', kind: 'text', presence: 'extra', maxLength: 500,
    column: 'album', type: 'String', filter: { name: 'album', by: 'values' }, sort: 'yes',
    about: 'track', label: 'Album', description: 'The album that the track was played from' },
  { id: 25, path: 'device', kind: 'text', presence: 'extra', maxLength: 100,
    column: 'device', type: 'String', filter: { name: 'device', by: 'values' }, sort: 'few',
    about: 'play', label: 'Device', description: 'What played it, such as iPhone or Navidrome' },
] as const satisfies readonly Field[]

/** A row of the table with its exact values. */
export type Row = (typeof FIELDS)[number]
/** A field that travels on the topic. */
export type TopicRow = Exclude<Row, { presence: 'derived' }>
/** A text that can be filtered by its values. */
export type ValuesRow = Extract<Row, { filter: { by: 'values' } }>
/** A field that can be filtered by whether it is true. */
export type TruthRow = Extract<Row, { filter: { by: 'truth' } }>
/** A field that listens can be sorted by. */
export type SortRow = Extract<Row, { sort: string }>

/** The fields that travel on the topic. */
export const TOPIC_FIELDS = FIELDS.filter((field): field is TopicRow => field.presence !== 'derived')
export const VALUES_FIELDS = FIELDS.filter(
  (field): field is ValuesRow => 'filter' in field && field.filter.by === 'values',
)
export const TRUTH_FIELDS = FIELDS.filter(
  (field): field is TruthRow => 'filter' in field && field.filter.by === 'truth',
)
export const SORT_FIELDS = FIELDS.filter((field): field is SortRow => 'sort' in field)

type ExtraRow = Extract<Row, { presence: 'extra' }>
export const EXTRA_FIELDS = FIELDS.filter((field: Field): field is ExtraRow => field.presence === 'extra')
/** The extra fields of a listen of which nothing more is known. */
export const NO_EXTRAS = Object.fromEntries(EXTRA_FIELDS.map(({ path }: Field) => [path, ''])) as {
  readonly [R in ExtraRow as R['path']]: ''
}

/** The name of a field where nothing is nested, such as `city`. */
export type NameOf<R extends Row> = R extends { path: `${string}.${infer Name}` } ? Name : R['path']

/** @returns the name of a field where nothing is nested, such as `city` */
export function nameOf<R extends Row>({ path }: R): NameOf<R> {
  return path.slice(path.lastIndexOf('.') + 1) as NameOf<R>
}

/** What a field holds. */
export type ValueOf<R extends Row> = R extends { kind: 'text' }
  ? string
  : R extends { kind: 'boolean' }
    ? boolean
    : number | (R extends { nullable: true } ? null : never)

/** The names of the objects that hold fields, such as `location`. */
export type ObjectName = Row['path'] extends infer Path
  ? Path extends `${infer Name}.${string}`
    ? Name
    : never
  : never
/** The name of a field within an object; never where the object does not hold it. */
export type NameIn<Name extends string, R extends Row> = R['path'] extends `${Name}.${infer Inner}`
  ? Inner
  : never
/** The name of a field that no object holds. */
export type OuterName<R extends Row> = R['path'] extends `${string}.${string}` ? never : R['path']

/** An object with these fields. */
export type ObjectOf<R extends Row> = { [One in R as OuterName<One>]: ValueOf<One> } & {
  [Name in ObjectName]: { [One in R as NameIn<Name, One>]: ValueOf<One> }
}

/** @returns what reads a field of a listen; undefined where the object that holds the field is missing */
export function readerOf({ path }: Pick<Field, 'path'>): (listen: object) => unknown {
  const [name = '', inner] = path.split('.')
  const outer = (listen: object) => (listen as Record<string, unknown>)[name]
  if (inner === undefined) return outer
  return (listen) => (outer(listen) as Record<string, unknown> | undefined)?.[inner]
}

/** @returns an object with the fields whose value is not undefined, those with a dot inside an object */
export function objectOf(fields: readonly Field[], valueFor: (field: Field) => unknown): object {
  const made: Record<string, unknown> = {}
  for (const field of fields) {
    const value = valueFor(field)
    const [name = '', inner] = field.path.split('.')
    if (value === undefined) continue
    made[name] = inner === undefined ? value : { ...(made[name] as object | undefined), [inner]: value }
  }
  return made
}
