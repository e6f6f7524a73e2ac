import { initialCatalogue } from '../../src/catalogue/initial.ts'
import type { Listen } from '../../src/listen/listen.ts'
import { type SimulatorOptions, simulate } from '../../src/roles/simulator.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import type { SimulatedRecord } from '../../src/simulator/faults.ts'

/** A Monday, in the first full week of 2026. */
export const MONDAY = Date.UTC(2026, 0, 5)
export const DAY = 86_400_000

type Asked = Partial<Omit<SimulatorOptions, 'producer' | 'log' | 'past'>> & {
  /** Days in the past to play, starting at {@link MONDAY}. */
  days: number
  from?: number
}

/** Records that a crowd sent for a past period, in order. */
export async function recordsOf({ days, from = MONDAY, ...asked }: Asked): Promise<SimulatedRecord[]> {
  const { songs, ...choices } = await initialCatalogue()
  const sent: SimulatedRecord[] = []
  await simulate(
    {
      songs: () => songs,
      choices,
      rate: 0.5,
      seed: 1,
      past: { from, to: from + days * DAY, live: false },
      log: createLogger('silent'),
      ...asked,
      producer: {
        async send(records) {
          for (const record of records) sent.push(record)
        },
      },
    },
    new AbortController().signal,
  )
  return sent
}

/** Listens that a crowd without faults played in the past, as sent. */
export async function listensOf(asked: Asked): Promise<Listen[]> {
  return (await recordsOf(asked)).map(({ value }) => JSON.parse(value?.toString() ?? 'null') as Listen)
}

/** Share of the listens for which a condition holds. */
export function shareOf<T>(all: readonly T[], which: (one: T) => boolean): number {
  let count = 0
  for (const one of all) if (which(one)) count++
  return count / all.length
}
