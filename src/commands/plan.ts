import { MEASURED, MEASURED_ON } from '../capacity/measured.ts'
import { ASSUMED, planFor } from '../capacity/plan.ts'
import type { Command } from './command.ts'
import { positiveFlag } from './flag-values.ts'

const TERA = 1e12

const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })
const tera = (bytes: number) => `${number(bytes / TERA)} TB`
const percent = (share: number) => `${Math.round(share * 100)} %`

/** `playhead plan`: how many servers a load needs. */
export const planCommand: Command = {
  summary: 'calculate the brokers, processes and ClickHouse shards that a load needs',
  flags: {
    'events-per-second': { type: 'string', help: 'peak events per second (10000)' },
    days: { type: 'string', help: 'days that the store keeps listens (90)' },
    'topic-days': { type: 'string', help: 'days that the topic keeps events (7)' },
    'disk-tb': { type: 'string', help: 'disk per server, in TB (4)' },
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
      `For a peak of ${number(demand.eventsPerSecond)} events/s and ${number(demand.days)} days (${number(listens)} listens):`,
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
      `  at peak, servers run at ${percent(ASSUMED.load)} of the measured rate; the average rate is ${percent(ASSUMED.averageOfPeak)} of the peak`,
      `  disks of ${tera(demand.diskPerServer)} are filled to ${percent(ASSUMED.diskFull)}`,
      '  capacity grows in proportion to cores; figures are for servers with 2 cores',
      '',
      'To measure these figures on your own machines, see docs/capacity.md.',
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  },
}
