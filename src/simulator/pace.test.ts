import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clock, keepPace, type Pace } from './pace.ts'

/** A clock that stands still but for those who wait, and for whoever pushes it on. */
function createFakeClock(late = 0): Clock & { time: number } {
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    async wait(milliseconds: number) {
      assert.ok(milliseconds > 0 && milliseconds <= 60_000, `waits ${milliseconds} ms`)
      clock.time += milliseconds + late
    },
  }
  return clock
}

/** Keeps a pace of numbers from 0 on, and notes when each was sent. */
async function run(
  options: Partial<Pace<number>> & { rate: number; late?: number; until?: number; sending?: number },
) {
  const clock = createFakeClock(options.late)
  const start = clock.time
  const stop = new AbortController()
  const sentAt: number[] = []
  const batches: number[][] = []
  let made = 0
  let reported = 0
  const result = await keepPace({
    signal: stop.signal,
    clock,
    next: () => made++,
    async send(batch) {
      batches.push(batch)
      for (const _ of batch) sentAt.push(clock.time - start)
      clock.time += options.sending ?? 0
      if (options.until !== undefined && clock.time - start >= options.until) stop.abort()
    },
    onBehind: (left) => {
      reported += left
    },
    ...options,
  })
  return { ...result, sentAt, batches, made, reported, elapsed: clock.time - start }
}

describe('the pace', () => {
  it('is one event every two seconds, the first at once', async () => {
    const { sentAt } = await run({ rate: 0.5, count: 5 })
    assert.deepEqual(sentAt, [0, 2_000, 4_000, 6_000, 8_000])
  })

  it('stops exactly at the count, at any rate', async () => {
    for (const [rate, count] of [
      [0.5, 1],
      [3, 10],
      [1_000, 12_345],
      [50_000, 123_457],
    ] as const) {
      const { sent, made, behind } = await run({ rate, count })
      assert.deepEqual({ sent, made, behind }, { sent: count, made: count, behind: 0 })
    }
  })

  it('sends nothing for a count of zero', async () => {
    assert.equal((await run({ rate: 10, count: 0 })).sent, 0)
  })

  it('does not drift when timers are late', async () => {
    const { sent, behind, elapsed } = await run({ rate: 1_000, late: 7, until: 600_000 })
    assert.equal(behind, 0)
    assert.ok(Math.abs(sent - elapsed) <= 20, `${sent} in ${elapsed} ms`)
  })

  it('does not drift at a rate that no timer can meet exactly', async () => {
    const { sentAt } = await run({ rate: 1 / 3, count: 1_000, late: 1 })
    assert.ok(Math.abs((sentAt.at(-1) ?? 0) - 999 * 3_000) <= 20, `${sentAt.at(-1)} ms`)
  })

  it('sends in batches, in order, none larger than 5000', async () => {
    const { batches } = await run({ rate: 50_000, until: 5_000, sending: 150 })
    const sizes = batches.map(({ length }) => length)
    assert.ok(Math.max(...sizes) <= 5_000)
    assert.ok(batches.length < 1_000, `${batches.length} batches`)
    assert.deepEqual(batches.flat(), Array.from(batches.flat().keys()))
  })

  it('keeps the rate while sending takes time, as long as it can', async () => {
    const { sent, behind, elapsed } = await run({ rate: 20_000, until: 60_000, sending: 50 })
    assert.equal(behind, 0)
    assert.ok(Math.abs(sent - elapsed * 20) <= 5_000, `${sent} in ${elapsed} ms`)
  })

  it('owes a slow receiver two seconds at most, and says what it left out', async () => {
    const { sent, behind, reported, made, elapsed } = await run({
      rate: 1_000,
      until: 60_000,
      sending: 5_000,
    })
    assert.equal(reported, behind)
    assert.equal(made, sent, 'what is left out is never made')
    // One batch of two seconds' worth in every five seconds.
    assert.ok(Math.abs(sent - (elapsed / 5_000) * 2_000) <= 2_000, `${sent} sent`)
    assert.ok(Math.abs(sent + behind - elapsed) <= 5_001, `${sent} sent, ${behind} behind in ${elapsed} ms`)
  })

  it('does not make up for a machine that slept', async () => {
    const clock = createFakeClock()
    let naps = 0
    const { sent, behind } = await run({
      rate: 0.5,
      count: 4,
      clock: {
        now: clock.now,
        async wait(milliseconds) {
          await clock.wait(milliseconds, AbortSignal.abort())
          if (naps++ === 0) clock.time += 3_600_000
        },
      },
    })
    assert.deepEqual({ sent, behind }, { sent: 4, behind: 1_800 })
  })

  it('waits in bits when the next event is days away', async () => {
    const { sentAt } = await run({ rate: 1 / 200_000, count: 2 })
    assert.deepEqual(sentAt, [0, 200_000_000])
  })

  it('never sends two batches at a time', async () => {
    let under_way = 0
    await run({
      rate: 10_000,
      count: 5_000,
      async send() {
        assert.equal(++under_way, 1)
        await Promise.resolve()
        under_way--
      },
    })
  })

  it('passes on why sending failed', async () => {
    const send = async () => {
      throw new Error('no broker')
    }
    await assert.rejects(run({ rate: 1, send }), /no broker/)
  })

  it('refuses a rate that is none', async () => {
    for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      await assert.rejects(run({ rate, count: 1 }), RangeError)
  })

  it('sends nothing when it is stopped before it starts', async () => {
    assert.equal((await run({ rate: 1, signal: AbortSignal.abort() })).sent, 0)
  })

  it('stops at once by the real clock, in the middle of a wait', async () => {
    const stop = new AbortController()
    const started = performance.now()
    const { sent } = await keepPace({
      rate: 0.01,
      signal: stop.signal,
      next: () => 1,
      send: async () => {
        setTimeout(() => stop.abort(), 20)
      },
    })
    assert.equal(sent, 1)
    assert.ok(performance.now() - started < 5_000)
  })
})
