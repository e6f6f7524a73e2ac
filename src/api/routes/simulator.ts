import { type Static, Type } from 'typebox'
import { ErrorSchema, RequestError } from '../error.ts'
import type { App } from '../typed-app.ts'

/** More than one process can play; a larger number could only come by mistake. */
const HIGHEST_RATE = 100_000

const SimulatorStateSchema = Type.Object({
  profile: Type.String({ description: 'How busy the crowd is, by name' }),
  rate: Type.Number({ description: 'Events a second that are asked for' }),
  measured: Type.Number({ description: 'Events a second that Kafka acknowledged in the last ten seconds' }),
  paused: Type.Boolean(),
  sent: Type.Integer({ description: 'Events sent since the start' }),
  profiles: Type.Array(
    Type.Object({
      name: Type.String(),
      rate: Type.Number({ description: 'Events a second that it brings' }),
      summary: Type.String(),
    }),
  ),
})

export const SimulatorAnswerSchema = Type.Object({
  simulator: Type.Union([SimulatorStateSchema, Type.Null()], {
    description: 'Null where this process plays no simulated crowd',
  }),
})

export type SimulatorAnswer = Static<typeof SimulatorAnswerSchema>

const ChangeSchema = Type.Object(
  {
    profile: Type.Optional(Type.String({ description: 'One of `profiles`; brings its own rate' })),
    rate: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: HIGHEST_RATE, description: 'Events a second' }),
    ),
    paused: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** The simulator of this process, as far as the API steers it. */
export interface Steering {
  readonly profiles: readonly { name: string; rate: number; summary: string }[]
  state(): Omit<Static<typeof SimulatorStateSchema>, 'profiles'>
  choose(profile: string, rate?: number): void
  setRate(rate: number): void
  pause(): void
  resume(): void
}

export interface SimulatorRoutes {
  /** The simulated crowd of this process; null where it plays none. */
  simulator: Steering | null
}

/** `GET` and `POST /api/simulator`. */
export function simulatorRoutes(app: App, { simulator }: SimulatorRoutes): void {
  const answer = (): SimulatorAnswer => ({
    simulator: simulator === null ? null : { ...simulator.state(), profiles: [...simulator.profiles] },
  })

  app.get(
    '/api/simulator',
    {
      schema: {
        summary: 'What the simulated crowd of this process plays, and how fast',
        tags: ['operation'],
        response: { 200: SimulatorAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async () => answer(),
  )

  app.post(
    '/api/simulator',
    {
      schema: {
        summary: 'Gives the simulated crowd another profile or rate, or pauses it',
        tags: ['operation'],
        body: ChangeSchema,
        response: { 200: SimulatorAnswerSchema, '4xx': ErrorSchema, '5xx': ErrorSchema },
      },
    },
    async (request) => {
      if (simulator === null)
        throw new RequestError(
          409,
          'simulator_off',
          'This process plays no simulated crowd. Start it with SIMULATOR_RATE above 0.',
        )
      const { profile: asked, rate, paused } = request.body
      if (asked !== undefined) {
        const profile = simulator.profiles.find(({ name }) => name === asked)
        if (profile === undefined)
          throw new RequestError(
            400,
            'no_such_profile',
            `profile must be one of ${simulator.profiles.map(({ name }) => name).join(', ')}.`,
            'profile',
          )
        simulator.choose(profile.name, rate)
      } else if (rate !== undefined) simulator.setRate(rate)
      if (paused === true) simulator.pause()
      if (paused === false) simulator.resume()
      return answer()
    },
  )
}
