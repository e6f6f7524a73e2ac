import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { Counter, Gauge } from 'prom-client'
import { EVERYONE } from '../questions/scope.ts'
import { strictBodies } from './body.ts'
import { answerClientError } from './client-error.ts'
import { answerError, answerNotFound } from './error.ts'
import { refuseInfinity } from './finite-parameters.ts'
import { guardRequests, type Reach } from './guard.ts'
import type { LiveFeed } from './live-feed.ts'
import { refuseWrongMethods } from './methods.ts'
import { giveScopes, type ScopeOf } from './request-scope.ts'
import { type CatalogueRoutes, catalogueRoutes } from './routes/catalogue.ts'
import { type DeadLetterRoutes, deadLetterRoutes } from './routes/dead-letters.ts'
import { type ExportRoutes, exportRoutes } from './routes/export.ts'
import { type HealthRoutes, healthRoutes } from './routes/health.ts'
import { type ListenRoutes, listenRoutes } from './routes/listens.ts'
import { liveRoutes } from './routes/live.ts'
import { pageRoutes } from './routes/page.ts'
import { type PipelineRoutes, pipelineRoutes } from './routes/pipeline.ts'
import { schemaRoutes } from './routes/schema.ts'
import { type SimulatorRoutes, simulatorRoutes } from './routes/simulator.ts'
import { type StatsRoutes, statsRoutes } from './routes/stats.ts'
import { type SystemsRoutes, systemsRoutes } from './routes/systems.ts'
import type { App } from './typed-app.ts'

/** What the routes take, and what belongs to the app itself. */
export interface AppOptions
  extends ListenRoutes,
    ExportRoutes,
    StatsRoutes,
    CatalogueRoutes,
    DeadLetterRoutes,
    PipelineRoutes,
    SimulatorRoutes,
    SystemsRoutes,
    HealthRoutes {
  /** Who may reach the app. */
  reach: Reach
  /** Whose listens a request may read; everyone's unless said. */
  scopeOf?: ScopeOf
  feed: LiveFeed
  log: FastifyBaseLogger
}

const BODY_BYTES = 64 * 1024
/** How long a request may take to arrive whole; answers may take longer. */
const REQUEST_MS = 20_000

/** What the page may load: its own files, and nothing from anywhere else. */
const POLICY = {
  'default-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
}

function policyText(policy: Record<string, string[]>): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}

/** The API and the page as an app that listens on no port yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { feed, registry } = options
  const app: App = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    frameworkErrors: answerError,
    clientErrorHandler: answerClientError,
    requestTimeout: REQUEST_MS,
    http: { connectionsCheckingInterval: REQUEST_MS / 4 },
    routerOptions: { maxParamLength: 300 },
    // A single value of a repeatable parameter is a list of one; a parameter that nobody knows is an error.
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setErrorHandler(answerError)
  guardRequests(app, options.reach)
  giveScopes(app, options.scopeOf ?? (() => EVERYONE))
  // Only JSON: a form of another site can send plain text without asking, JSON it cannot.
  app.removeContentTypeParser('text/plain')
  strictBodies(app)
  refuseWrongMethods(app)
  refuseInfinity(app)
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: POLICY,
    },
    // Playhead itself speaks plain HTTP; whoever puts TLS before it decides on this.
    strictTransportSecurity: false,
  })
  await app.register(compress, { encodings: ['br', 'gzip'], threshold: 1024 })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Playhead',
        description: 'Real-time listening analytics',
        version: '0.1.0',
        license: { name: 'Apache-2.0' },
      },
      tags: [
        { name: 'listens', description: 'What was played' },
        { name: 'stats', description: 'Questions about it' },
        { name: 'catalogue', description: 'Songs, genres, platforms and moods' },
        { name: 'operation', description: 'For operators' },
      ],
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // The same policy as everywhere; its own would let in what this page never needs.
    staticCSP: policyText(POLICY),
    theme: { title: 'Playhead API' },
    uiConfig: { layout: 'BaseLayout' },
  })

  new Gauge({
    name: 'playhead_live_readers',
    help: 'Readers of the live feed',
    registers: [registry],
    collect() {
      this.set(feed.readers)
    },
  })
  const slowReaders = new Counter({
    name: 'playhead_live_readers_dropped_total',
    help: 'Readers of the live feed that were dropped because they did not keep up',
    registers: [registry],
  })

  await app.register(async (scope: App) => {
    listenRoutes(scope, options)
    exportRoutes(scope, options)
    statsRoutes(scope, options)
    catalogueRoutes(scope, options)
    deadLetterRoutes(scope, options)
    pipelineRoutes(scope, options)
    simulatorRoutes(scope, options)
    systemsRoutes(scope, options)
    liveRoutes(scope, { feed, onSlow: () => slowReaders.inc() })
    healthRoutes(scope, options)
    schemaRoutes(scope)
    scope.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await pageRoutes(scope)
  })
  app.setNotFoundHandler(answerNotFound)
  return app
}
