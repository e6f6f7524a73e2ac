import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController } from 'fastify'
import type { App, AppOptions } from './app.ts'
import { answerError } from './error.ts'
import { guardRequests } from './guard.ts'
import { healthRoutes } from './routes/health.ts'

/** Health and metrics alone, of a process that has no page, as an app that listens on no port yet. */
export function createHealthApp(options: Pick<AppOptions, 'reach' | 'readiness' | 'registry' | 'log'>): App {
  const app: App = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(answerError)
  guardRequests(app, options.reach)
  healthRoutes(app, options)
  return app
}
