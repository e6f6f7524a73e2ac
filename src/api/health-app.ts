import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { answerClientError } from './client-error.ts'
import { answerError, answerNotFound } from './error.ts'
import { guardRequests, type Reach } from './guard.ts'
import { refuseWrongMethods } from './methods.ts'
import { type HealthRoutes, healthRoutes } from './routes/health.ts'
import type { App } from './typed-app.ts'

export interface HealthAppOptions extends HealthRoutes {
  reach: Reach
  log: FastifyBaseLogger
}

/** Health and metrics alone, of a process that has no page, as an app that listens on no port yet. */
export function createHealthApp(options: HealthAppOptions): App {
  const app: App = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  guardRequests(app, options.reach)
  refuseWrongMethods(app)
  healthRoutes(app, options)
  return app
}
