import type { StoredListen } from '../listen/stored.ts'

export type Cell = string | number | boolean | null

/** A column of an export that is a table. */
export interface Column {
  name: string
  type: 'text' | 'number' | 'boolean' | 'time'
  of: (listen: StoredListen) => Cell
}

const text = (name: string, of: (listen: StoredListen) => string): Column => ({ name, type: 'text', of })
const number = (name: string, of: (listen: StoredListen) => number | null): Column => ({
  name,
  type: 'number',
  of,
})
const boolean = (name: string, of: (listen: StoredListen) => boolean): Column => ({
  name,
  type: 'boolean',
  of,
})

/** The columns of an export, in order; named as in the topic, with the place in it flattened. */
export const COLUMNS: readonly Column[] = [
  text('id', ({ id }) => id),
  text('user_id', ({ user_id }) => user_id),
  text('name', ({ name }) => name),
  text('email', ({ email }) => email),
  text('track_id', ({ track_id }) => track_id),
  text('title', ({ title }) => title),
  text('artist', ({ artist }) => artist),
  text('genre', ({ genre }) => genre),
  { name: 'timestamp', type: 'time', of: ({ timestamp }) => timestamp },
  text('platform', ({ platform }) => platform),
  text('city', ({ location }) => location.city),
  text('country', ({ location }) => location.country),
  text('mood', ({ mood }) => mood),
  number('duration_seconds', ({ duration_seconds }) => duration_seconds),
  number('listen_position', ({ listen_position }) => listen_position),
  number('percent_listened', ({ percent_listened }) => percent_listened),
  boolean('completed', ({ completed }) => completed),
  number('rating', ({ rating }) => rating),
  boolean('is_skipped', ({ is_skipped }) => is_skipped),
]
