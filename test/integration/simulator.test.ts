import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { SimulatorAnswer } from '../../src/api/routes/simulator.ts'
import { decodeListen } from '../../src/listen/decode.ts'
import type { Listen } from '../../src/listen/listen.ts'
import { REASON_CODES } from '../../src/listen/reason.ts'
import type { DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { readRecords } from '../support/kafka.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

/** As `src/simulator/pace.ts` has it. */
const LARGEST_BATCH = 5_000
const NEWLINE = 10

describe('the simulator', () => {
  let workspace: Workspace
  before(async () => {
    workspace = await openWorkspace()
  })
  after(async () => await workspace.close())

  /** Runs `simulate` until it ends. */
  async function simulate(args: string, env: Record<string, string> = {}) {
    const child = spawnPlayhead(['simulate', ...args.split(' ')], {
      KAFKA_BROKERS: workspace.broker.address,
      ...env,
    })
    const out: Buffer[] = []
    let err = ''
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, out: Buffer.concat(out).toString(), err }
  }
  const lines = (text: string) => text.split('\n').slice(0, -1)

  it('writes JSON Lines to standard output, as many as asked, and nothing else', async () => {
    const { code, out, err } = await simulate('--out - --count 500 --rate 100000 --seed 3')
    assert.equal(code, 0, err)
    assert.equal(lines(out).length, 500)
    for (const line of lines(out)) assert.ok(decodeListen(Buffer.from(line), Date.now()).ok, line)
  })

  it('reports skipped events when it cannot keep up, but not with each batch', async () => {
    // No machine makes a thousand million a second; how soon one is behind differs, so that is waited for.
    const child = spawnPlayhead(['simulate', '--out', '-', '--count', '20000000', '--rate', '1000000000'], {})
    let err = ''
    let madeSinceTold = 0
    child.stdout?.on('data', (chunk: Buffer) => {
      if (err.includes('could not keep up')) for (const byte of chunk) if (byte === NEWLINE) madeSinceTold++
      if (madeSinceTold > 40 * LARGEST_BATCH) child.kill('SIGTERM')
    })
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const [code] = (await once(child, 'close')) as [number | null]
    assert.equal(code, 0, err)
    const told = [...err.matchAll(/could not keep up/g)].length
    assert.ok(told >= 1 && told < 20, `told ${told} times of 40 batches`)
    assert.match(err, /^[\d,]+ events were skipped: /m)
  })

  it('writes the same past into a file and into Kafka, whatever the time', async () => {
    const past = '--from 2026-01-01 --to 2026-01-01T06:00:00Z --no-live --rate 0.2 --seed 5'
    const file = join(workspace.directory, 'past.jsonl')
    const written = await simulate(`${past} --out ${file}`)
    assert.equal(written.code, 0, written.err)
    const played = await simulate(past, { KAFKA_TOPIC: 'past' })
    assert.equal(played.code, 0, played.err)
    const inFile = lines(await readFile(file, 'utf8'))
    const inKafka = await readRecords(workspace.broker.address, 'past', inFile.length)
    assert.ok(inFile.length > 3_000)
    assert.deepEqual(inKafka.map(({ value }) => value?.toString()).sort(), inFile.sort())
    const moments = inFile.map((line) => JSON.parse(line).timestamp * 1000)
    assert.ok(Math.min(...moments) >= Date.UTC(2026, 0, 1))
    assert.ok(Math.max(...moments) < Date.UTC(2026, 0, 1, 6))
  })

  it('continues live when the past is over', async () => {
    const started = Date.now()
    const to = new Date(started - 3_600_000).toISOString()
    const from = new Date(started - 4 * 3_600_000).toISOString()
    // At a play every two seconds three hours have 5,400 or so, more by day than by night. The spike spares the test a wait.
    const { out, code } = await simulate(
      `--from ${from} --to ${to} --interval 2 --count 8000 --spike 1000x@4h+10m --out -`,
    )
    assert.equal(code, 0)
    const moments = lines(out).map((line) => JSON.parse(line).timestamp * 1000)
    const past = moments.filter((moment) => moment < Date.parse(to))
    const live = moments.filter((moment) => moment >= started - 1_000)
    assert.ok(past.length > 3_000 && live.length > 0, `${past.length} in the past, ${live.length} live`)
    assert.equal(past.length + live.length, moments.length)
  })

  it('follows each flag, as the sent events show', async () => {
    const past = '--from 2026-01-01 --to 2026-01-01T06:00:00Z --no-live --rate 0.2 --seed 5 --out -'
    const play = async (flags?: string) => {
      const { code, out, err } = await simulate(flags === undefined ? past : `${past} ${flags}`)
      assert.equal(code, 0, err)
      return lines(out)
    }
    const events = (sent: readonly string[]) => sent.map((line) => JSON.parse(line) as Listen)
    const titles = (sent: readonly string[]) => Map.groupBy(events(sent), ({ title }) => title)
    const near = (share: number, what: string) =>
      assert.ok(Math.abs(share - 0.05) < 0.015, `${what}: ${share}`)
    const plain = await play()
    const once = new Set(plain)

    const users = events(await play('--listeners 50')).map(({ user_id }) => user_id)
    assert.ok(new Set(users).size <= 50)
    assert.ok(titles(await play('--songs 50000')).size > 10 * titles(plain).size)
    const plays = [...titles(await play('--profile release-day')).values()].map(({ length }) => length)
    const released = Math.max(...plays) / plain.length
    assert.ok(released > 0.2 && released < 0.4, `${released} of all plays are the release`)

    const spiked = events(await play('--spike 10x@1h+30m')).map(({ timestamp }) => timestamp * 1000)
    const within = (from: number, to: number) =>
      spiked.filter((at) => at >= Date.UTC(2026, 0, 1, 0, from) && at < Date.UTC(2026, 0, 1, 0, to)).length
    const times = within(60, 90) / within(30, 60)
    assert.ok(times > 9 && times < 11, `${times} times the rate`)

    const late = new Set(await play('--late 5%'))
    near(plain.filter((line) => !late.has(line)).length / plain.length, 'late')
    const twice = await play('--duplicate 5%')
    assert.deepEqual(new Set(twice), once)
    near(twice.length / plain.length - 1, 'duplicate')
    const swapped = await play('--out-of-order 5%')
    assert.notDeepEqual(swapped, plain)
    assert.deepEqual(swapped.toSorted(), plain.toSorted())
    const parts = await Promise.all(['1/3', '2/3', '3/3'].map((share) => play(`--share ${share}`)))
    assert.deepEqual(parts.flat().sort(), plain.toSorted(), 'three that share a crowd play what one would')
  })

  it('refuses invalid flags in a line that names the flag', async () => {
    const wrong: [string, RegExp][] = [
      ['--late 2', /^BAD_SETTING: --late must be a share/],
      ['--malformed 101%', /^BAD_SETTING: --malformed/],
      ['--spike 10x', /^BAD_SETTING: --spike must look like 10x@5m/],
      ['--share 4/3', /^BAD_SETTING: --share must look like 1\/3/],
      ['--profile loud', /^BAD_SETTING: --profile must be one of quiet, everyday/],
      ['--from 2026-02-30', /^BAD_SETTING: --from must look like/],
      ['--from 1999-01-01', /^BAD_SETTING: --from must be/],
      ['--from 2026-01-02 --to 2026-01-01', /^BAD_SETTING: --to must be later/],
      ['--to 2026-01-02', /^BAD_SETTING: --to and --no-live/],
      ['--rate 1 --interval 1', /^BAD_SETTING: --rate and --interval/],
      ['--songs 0', /^BAD_SETTING: --songs/],
      ['--out /no/such/folder/x.jsonl', /^OUTPUT_NOT_WRITABLE: \/no\/such\/folder\/x.jsonl/],
    ]
    for (const [args, message] of wrong) {
      const { code, err } = await simulate(`${args} --count 1`)
      assert.equal(code, 1, args)
      assert.match(err, message)
    }
  })

  it('sends bad events of every kind, and the pipeline reports each kind', async () => {
    const topic = { KAFKA_TOPIC: 'malformed' }
    const playhead = await workspace.start(topic, 'malformed')
    const { code, err } = await simulate('--count 600 --rate 100000 --malformed 50% --seed 9', topic)
    assert.equal(code, 0, err)
    const reasons = async () =>
      ((await (await fetch(`${playhead.url}/api/dead-letters`)).json()) as DeadLettersAnswer).reasons
    await until('every reason', async () => (await reasons()).length === REASON_CODES.length)
    await until('all records', async () => {
      const broken = (await reasons()).reduce((sum, { count }) => sum + count, 0)
      return broken + (await playhead.totals()).listens === 600
    })
  })

  describe('of a running Playhead', () => {
    const steer = (url: string, body: string, type = 'application/json') =>
      fetch(`${url}/api/simulator`, { method: 'POST', headers: { 'content-type': type }, body })

    it('is controlled by the API', async () => {
      const playhead = await workspace.start({ SIMULATOR_RATE: '1', KAFKA_TOPIC: 'steered' }, 'steered')
      const state = async () =>
        ((await (await fetch(`${playhead.url}/api/simulator`)).json()) as SimulatorAnswer).simulator
      const first = await state()
      assert.deepEqual([first?.profile, first?.rate, first?.paused], ['everyday', 1, false])
      assert.deepEqual(
        first?.profiles.map(({ name, rate }) => [name, rate]),
        [
          ['quiet', 0.1],
          ['everyday', 1],
          ['release-day', 20],
          ['flood', 2_000],
        ],
      )
      assert.equal((await steer(playhead.url, '{"profile":"flood"}')).status, 200)
      await until('thousands', async () => ((await state())?.sent ?? 0) > 3_000)
      await until('they are stored', async () => (await playhead.totals()).listens > 3_000)
      assert.equal((await steer(playhead.url, '{"rate":3}')).status, 200)
      assert.deepEqual([(await state())?.profile, (await state())?.rate], ['flood', 3])
      assert.equal((await steer(playhead.url, '{"paused":true}')).status, 200)
      await until('nothing more', async () => ((await state())?.measured ?? 1) === 0)

      for (const [body, code] of [
        ['{"profile":"loud"}', 'no_such_profile'],
        ['{"rate":0}', 'bad_request'],
        ['{"rate":1e9}', 'bad_request'],
        ['{"speed":3}', 'bad_request'],
        ['{}', 'bad_request'],
      ] as const) {
        const refused = await steer(playhead.url, body)
        const { error } = (await refused.json()) as { error: { code: string } }
        assert.equal(refused.status, 400, body)
        if (code !== 'bad_request') assert.equal(error.code, code)
      }
      // A form of another site can send this without asking; as JSON it cannot.
      assert.equal((await steer(playhead.url, '{"paused":false}', 'text/plain')).status, 415)
      assert.equal((await state())?.paused, true)
    })

    it('cannot be controlled when there is none', async () => {
      const playhead = await workspace.start({ KAFKA_TOPIC: 'quiet' }, 'quiet')
      const answer = (await (await fetch(`${playhead.url}/api/simulator`)).json()) as SimulatorAnswer
      assert.equal(answer.simulator, null)
      const refused = await steer(playhead.url, '{"profile":"flood"}')
      assert.equal(refused.status, 409)
      assert.equal(((await refused.json()) as { error: { code: string } }).error.code, 'simulator_off')
    })
  })
})
