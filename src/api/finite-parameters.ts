import { RequestError } from './error.ts'
import type { App } from './typed-app.ts'

/**
 * Refuses `Infinity` and `1e400` as parameters. The validator converts them to a number and then applies none of the
 * rules for numbers to it.
 */
export function refuseInfinity(app: App): void {
  app.addHook('preHandler', async ({ query }) => {
    for (const [name, value] of Object.entries(query as Record<string, unknown>))
      if ([value].flat().some((one) => typeof one === 'number' && !Number.isFinite(one)))
        throw new RequestError(400, 'invalid_parameter', `${name} must be a finite number.`, name)
  })
}
