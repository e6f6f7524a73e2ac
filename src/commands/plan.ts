import { MEASURED, MEASURED_ON } from '../capacity/measured.ts'
import { ASSUMED, planFor } from '../capacity/plan.ts'
import type { Command } from './command.ts'
import { positiveFlag } from './flag-values.ts'

const TERA = 1e12

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })
const tera = (bytes: number) => `${number(bytes / TERA)} TB`
const percent = (share: number) => `${Math.round(share * 100)} %`

/** `playhead plan`: how many servers carry so many events. */
export const planCommand: Command = {
  summary: 'compute how many brokers, processes and ClickHouse shards carry a load',
  flags: {
    'events-per-second': { type: 'string', help: 'events a second at the busiest time (10000)' },
    days: { type: 'string', help: 'how long listens are kept in the store (90)' },
    'topic-days': { type: 'string', help: 'how long events are kept in the topic (7)' },
    'disk-tb': { type: 'string', help: 'disk of each server, in TB (4)' },
  },
  async run(_config, flags) {
    const demand = {
      eventsPerSecond: positiveFlag(flags, 'events-per-second') ?? 10_000,
      days: positiveFlag(flags, 'days') ?? 90,
      topicDays: positiveFlag(flags, 'topic-days') ?? 7,
      diskPerServer: (positiveFlag(flags, 'disk-tb') ?? 4) * TERA,
    }
    const { needs, topicBytes, storeBytes, listens } = planFor(demand)
    const lines = [
      `For ${number(demand.eventsPerSecond)} events/s at the busiest time and ${number(demand.days)} days (${number(listens)} listens):`,
      '',
      ...needs.map(
        ({ what, count, because }) => `  ${number(count).padStart(8)}  ${what.padEnd(26)}${because}`,
      ),
      `  ${tera(topicBytes).padStart(8)}  disk for the topic         ${number(demand.topicDays)} days, ${ASSUMED.topicCopies} copies`,
      `  ${tera(storeBytes).padStart(8)}  disk for the store         ${ASSUMED.storeCopies} copies`,
      '',
      `Measured (${MEASURED_ON}):`,
      ...Object.values(MEASURED).map(
        ({ value, unit, what }) => `  ${number(value).padStart(8)} ${unit.padEnd(9)} ${what}`,
      ),
      '',
      'Assumed:',
      `  servers run at ${percent(ASSUMED.load)} of what was measured at the busiest time; the average rate is ${percent(ASSUMED.averageOfPeak)} of that`,
      `  disks of ${tera(demand.diskPerServer)} are filled to ${percent(ASSUMED.diskFull)}`,
      '  more cores than two carry more in proportion, so a larger server stands for several of these',
      '',
      'docs/capacity.md says how to measure these figures on your own machines.',
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  },
}
