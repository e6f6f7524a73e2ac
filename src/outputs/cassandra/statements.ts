import type { HandedListen } from '../sink/target.ts'
import { BY_SONG, BY_USER, LISTEN_COLUMN_NAMES, type ListenColumn, MONTHS_BY_USER } from './tables.ts'

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
  const byUser = insert(BY_USER, ['month', ...LISTEN_COLUMN_NAMES])
  const bySong = insert(BY_SONG, ['day', 'hour', ...LISTEN_COLUMN_NAMES])
  const monthOfUser = insert(MONTHS_BY_USER, ['user_id', 'month'])
  const values = (handed: HandedListen) => {
    const row = rowOf(handed)
    return LISTEN_COLUMN_NAMES.map((name) => row[name] ?? unset)
  }
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

function rowOf(handed: HandedListen): Record<ListenColumn, unknown> {
  const { listen, id } = handed
  return {
    user_id: listen.user_id,
    timestamp: playedAt(handed),
    listen_id: id,
    title: listen.title,
    artist: listen.artist,
    genre: listen.genre,
    mood: listen.mood,
    platform: listen.platform,
    duration: listen.duration_seconds,
    listen_position: listen.listen_position,
    completed: listen.completed,
    rating: listen.rating,
    skipped: listen.is_skipped,
    city: listen.location.city,
    country: listen.location.country,
  }
}
