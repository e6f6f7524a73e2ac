import { type InitialCatalogue, initialCatalogue } from '../catalogue/initial.ts'
import type { Song } from '../catalogue/song.ts'
import { connectionOf } from '../kafka/client.ts'
import { createProducer } from '../kafka/producer.ts'
import { ensureTopics } from '../kafka/topics.ts'
import { EARLIEST_TIMESTAMP } from '../listen/decode.ts'
import { type SimulatorOptions, simulate } from '../roles/simulator.ts'
import { Failure } from '../runtime/failure.ts'
import { createLogger } from '../runtime/logger.ts'
import type { Config } from '../settings/config.ts'
import { createSimulatorControl } from '../simulator/control.ts'
import { inventSongs } from '../simulator/invented-songs.ts'
import { PROFILE_NAMES, PROFILES } from '../simulator/profile.ts'
import { readSlice } from '../simulator/slice.ts'
import { readSpike } from '../simulator/spike.ts'
import type { Command } from './command.ts'
import { formFlag, momentFlag, positiveFlag, shareFlag, wholeFlag, wordFlag } from './flag-values.ts'
import { openJsonLines } from './json-lines.ts'

type Flags = Parameters<Command['run']>[1]

/** A fixed seed for songs, so that crowds with different seeds share a catalogue. */
const SONG_SEED = 1
const SAYS_HOW_MANY_MS = 2_000

/** `playhead simulate`: sends the listens of a simulated crowd to the topic or a file. */
export const simulateCommand: Command = {
  summary: 'send listens of a simulated crowd to the topic or a file',
  flags: {
    profile: { type: 'string', help: `traffic profile: ${PROFILE_NAMES.join(', ')} (everyday)` },
    rate: {
      type: 'string',
      help: 'events per second (rate of the profile, SIMULATOR_RATE or SIMULATOR_INTERVAL)',
    },
    interval: { type: 'string', help: 'seconds between events, instead of --rate' },
    count: { type: 'string', help: 'stop after this many records' },
    seed: { type: 'string', help: 'random seed; the same seed gives the same events' },
    listeners: { type: 'string', help: 'number of listeners (1000)' },
    songs: { type: 'string', help: 'number of songs; more than the catalogue has are invented' },
    from: { type: 'string', help: 'first backfill the past at full speed, from this day or time (UTC)' },
    to: { type: 'string', help: 'end of the backfill (now); live events follow' },
    'no-live': { type: 'boolean', help: 'stop after the backfill' },
    spike: {
      type: 'string',
      help: '10x@5m: 10 times the rate after 5 minutes, for 5 minutes; 10x@5m+30s: for 30 s',
    },
    late: { type: 'string', help: 'share of events that are 10 minutes to 2 days late: 0.05 or 5%' },
    duplicate: { type: 'string', help: 'share of events sent twice' },
    malformed: { type: 'string', help: 'share of malformed events, of all kinds' },
    'out-of-order': { type: 'string', help: 'share of events sent up to 30 s after newer ones' },
    share: { type: 'string', help: '1/3: the first of three simulators that share one crowd' },
    out: { type: 'string', help: 'write JSON Lines to this file instead of Kafka; - for standard output' },
  },
  async run(config, flags, signal) {
    const log = createLogger(config.logLevel)
    const crowd = crowdOf(config, flags, await initialCatalogue())
    const out = await openOutput(config, flags)
    let sent = 0
    const told = setInterval(() => say(`${sent.toLocaleString('en')} events sent`), SAYS_HOW_MANY_MS)
    try {
      const onSent = (total: number) => {
        sent = total
      }
      const paced = await simulate({ ...crowd, producer: out, onSent, log }, signal)
      say(`${paced.sent.toLocaleString('en')} events sent to ${out.name}`)
      if (paced.behind > 0)
        say(
          `${paced.behind.toLocaleString('en')} events were skipped: the rate is higher than this machine can send`,
        )
    } finally {
      clearInterval(told)
      await out.close()
    }
    return 0
  },
}

async function openOutput(config: Config, flags: Flags) {
  const file = flags['out']
  if (typeof file === 'string') {
    if (file === '') throw new Failure('BAD_SETTING', '--out must be a file name, or - for standard output.')
    return { ...(await openJsonLines(file)), name: file === '-' ? 'standard output' : file }
  }
  const connection = connectionOf(config)
  await ensureTopics(connection, config.topic, { deadLetters: false })
  const producer = createProducer(connection, {
    topic: config.topic,
    role: 'simulator',
    retries: 5,
    compression: config.kafkaCompression,
  })
  return { ...producer, name: config.topic }
}

/** Options from the flags. @throws Failure BAD_SETTING naming the first invalid flag */
function crowdOf(
  config: Config,
  flags: Flags,
  { songs, ...choices }: InitialCatalogue,
): Omit<SimulatorOptions, 'producer' | 'log'> {
  const given = <K extends string, V>(key: K, value: V | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [Key in K]?: V }
  const rate = rateOf(config, flags)
  const size = wholeFlag(flags, 'songs', 1)
  const catalogue = size === undefined ? songs : catalogueOf(size, songs, choices.genres)
  return {
    songs: () => catalogue,
    choices,
    rate,
    cloudEvents: config.cloudEvents,
    control: createSimulatorControl(wordFlag(flags, 'profile', PROFILE_NAMES) ?? 'everyday', rate),
    ...given('count', wholeFlag(flags, 'count', 1)),
    ...given('seed', wholeFlag(flags, 'seed', 0)),
    ...given('listeners', wholeFlag(flags, 'listeners', 1)),
    ...given('past', pastOf(flags)),
    ...given('spike', formFlag(flags, 'spike', readSpike, '10x@5m or 10x@5m+30s')),
    faults: {
      late: shareFlag(flags, 'late') ?? 0,
      duplicate: shareFlag(flags, 'duplicate') ?? 0,
      malformed: shareFlag(flags, 'malformed') ?? 0,
      outOfOrder: shareFlag(flags, 'out-of-order') ?? 0,
    },
    ...given('slice', formFlag(flags, 'share', readSlice, '1/3')),
  }
}

function rateOf(config: Config, flags: Flags): number {
  const rate = positiveFlag(flags, 'rate')
  const interval = positiveFlag(flags, 'interval')
  const profile = wordFlag(flags, 'profile', PROFILE_NAMES)
  if (rate !== undefined && interval !== undefined)
    throw new Failure('BAD_SETTING', '--rate and --interval exclude each other. Set one of them.')
  if (rate !== undefined) return rate
  if (interval !== undefined) return 1 / interval
  if (profile !== undefined) return PROFILES[profile].rate
  return config.simulatorRate > 0 ? config.simulatorRate : PROFILES.everyday.rate
}

function catalogueOf(size: number, songs: readonly Song[], genres: readonly string[]): readonly Song[] {
  if (size <= songs.length) return songs.slice(0, size)
  return [...songs, ...inventSongs(SONG_SEED, size - songs.length, genres)]
}

function pastOf(flags: Flags): SimulatorOptions['past'] {
  const from = momentFlag(flags, 'from')
  const to = momentFlag(flags, 'to')
  const live = flags['no-live'] !== true
  if (from === undefined) {
    if (to !== undefined || !live) throw new Failure('BAD_SETTING', '--to and --no-live need --from.')
    return undefined
  }
  if (from < EARLIEST_TIMESTAMP * 1000 || from > Date.now())
    throw new Failure('BAD_SETTING', '--from must be a day or time between 2002 and now.')
  if (to !== undefined && to <= from) throw new Failure('BAD_SETTING', '--to must be later than --from.')
  if (to !== undefined && to > Date.now())
    throw new Failure('BAD_SETTING', '--to must be in the past. Without it, the backfill ends now.')
  return { from, ...(to === undefined ? {} : { to }), live }
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
