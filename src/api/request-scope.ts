import type { FastifyInstance, FastifyRequest } from 'fastify'
import { PERSONAL_FIELDS, type Scope } from '../questions/scope.ts'
import { RequestError } from './error.ts'

/** Says whose listens a request may read. */
export type ScopeOf = (request: FastifyRequest) => Scope

/**
 * Gives every request its scope before any route sees it. This is the only place where the API decides about scopes.
 * Refuses queries that would tell personal data by their answer where the scope has no right to it.
 */
export function giveScopes(app: FastifyInstance, scopeOf: ScopeOf): void {
  app.decorateRequest('scope')
  app.addHook('onRequest', async (request) => {
    request.scope = scopeOf(request)
    if (request.scope.personal) return
    const field = personalIn(request.query as Record<string, unknown>)
    if (field !== null)
      throw new RequestError(
        403,
        'personal_data',
        'You may not see personal data, so listens cannot be filtered, sorted or counted by it.',
        field,
      )
  })
}

/** Names by which a query means a personal field: of the field and of its filter. */
const PERSONAL_NAMES = new Set(PERSONAL_FIELDS.flatMap(({ path, filter }) => [path, filter?.name]))

/** The parameter of a query that asks for listens by a personal field; null for none. */
function personalIn(query: Record<string, unknown>): string | null {
  for (const [name, value] of Object.entries(query)) {
    if (PERSONAL_NAMES.has(name)) return name
    if ((name === 'sort' || name === 'by') && [value].flat().some((each) => PERSONAL_NAMES.has(String(each))))
      return name
  }
  return null
}
