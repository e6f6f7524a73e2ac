import { readerOf } from '../../listen/fields.ts'
import type { HandedListen } from '../sink/target.ts'
import { BY_SONG, BY_USER, LISTEN_COLUMNS, MONTHS_BY_USER } from './tables.ts'

/** A statement to prepare once, and its parameters. */
export interface Statement {
  query: string
  params: unknown[]
}

/** Builds the INSERTs of listens for one keyspace. */
export interface Statements {
  byUser(handed: HandedListen): Statement
  bySong(handed: HandedListen): Statement
  monthOfUser(userId: string, month: string): Statement
}

/**
 * @param keyspace a plain name, as the settings allow
 * @param unset value for a missing column; a null would write a tombstone
 */
export function statementsFor(keyspace: string, unset: unknown): Statements {
  const insert = (table: string, columns: readonly string[]) =>
    `INSERT INTO ${keyspace}.${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  const names = ['listen_id', ...LISTEN_COLUMNS.map(({ name }) => name)]
  const byUser = insert(BY_USER, ['month', ...names])
  const bySong = insert(BY_SONG, ['day', 'hour', ...names])
  const monthOfUser = insert(MONTHS_BY_USER, ['user_id', 'month'])
  const values = (handed: HandedListen) => [handed.id, ...VALUES.map((value) => value(handed) ?? unset)]
  return {
    byUser: (handed) => ({ query: byUser, params: [monthOf(handed), ...values(handed)] }),
    bySong(handed) {
      const at = playedAt(handed)
      const day = at.toISOString().slice(0, 10)
      return { query: bySong, params: [day, at.getUTCHours(), ...values(handed)] }
    },
    monthOfUser: (userId, month) => ({ query: monthOfUser, params: [userId, month] }),
  }
}

/** Time of the listen with millisecond precision, as in the store. */
function playedAt({ listen }: HandedListen): Date {
  return new Date(Math.round(Number(listen.timestamp.toFixed(3)) * 1000))
}

/** The month of a listen in UTC, such as `2026-11`. */
export function monthOf(handed: HandedListen): string {
  return playedAt(handed).toISOString().slice(0, 7)
}

/** What reads the value of each of {@link LISTEN_COLUMNS}; null where it is unknown. */
const VALUES = LISTEN_COLUMNS.map(({ field }): ((handed: HandedListen) => unknown) => {
  const read = readerOf(field)
  if (field.kind === 'time') return playedAt
  if (field.presence === 'extra') return ({ listen }) => read(listen) || null
  return ({ listen }) => read(listen)
})
