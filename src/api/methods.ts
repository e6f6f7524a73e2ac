import { RequestError } from './error.ts'
import type { App } from './typed-app.ts'

/** A route may be found with and without a slash at its end, and is announced in one of the two forms. */
const withoutSlash = (url: string) => (url === '/' ? url : url.replace(/\/$/, ''))

/** Answers 405 with an `Allow` header to a method that an address does not have. */
export function refuseWrongMethods(app: App): void {
  const literal = new Map<string, Set<string>>()
  const patterns = new Map<string, { path: RegExp; methods: Set<string> }>()

  app.addHook('onRoute', ({ url: address, method }) => {
    const url = withoutSlash(address)
    if (url.includes('*')) return
    const known = url.includes(':') ? patterns.get(url)?.methods : literal.get(url)
    const methods = known ?? new Set<string>()
    for (const one of [method].flat()) methods.add(one)
    if (url.includes(':'))
      patterns.set(url, { path: new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`), methods })
    else literal.set(url, methods)
  })

  app.addHook('onRequest', async (request, reply) => {
    const path = withoutSlash(request.url.split('?')[0] ?? '')
    const methods =
      literal.get(path) ?? [...patterns.values()].find((pattern) => pattern.path.test(path))?.methods
    if (methods === undefined || methods.has(request.method)) return
    const allowed = [...methods].sort().join(', ')
    reply.header('allow', allowed)
    throw new RequestError(
      405,
      'method_not_allowed',
      `${request.method} is not possible here. Use ${allowed.replace(/, ([^,]+)$/, ' or $1')}.`,
    )
  })
}
