import type { Listen } from './listen.ts'

/** The key under which a listen travels, so that all of a listener's listens stay in order in one partition. */
export function listenKey({ user_id }: Pick<Listen, 'user_id'>): Buffer {
  return Buffer.from(user_id)
}
