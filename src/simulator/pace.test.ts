import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Clock, keepPace, type Pace } from './pace.ts'
import { createTempo } from './tempo.ts'

/** A clock that moves only for waits and when a test advances it. */
function createFakeClock(late = 0): Clock & { time: number } {
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    async wait(milliseconds: number) {
      assert.ok(milliseconds > 0 && milliseconds <= 1_000, `waits ${milliseconds} ms`)
      clock.time += milliseconds + late
    },
  }
  return clock
}

const steady = (perSecond: number) => () => ({ perSecond, until: Number.POSITIVE_INFINITY })

/** Keeps a pace of numbers from 0 on, and notes when each was sent and for which moment it was made. */
async function run({
  rate,
  late,
  end,
  sending = 0,
  starts = 0,
  ...options
}: Partial<Pace<number>> & {
  rate: number
  late?: number
  end?: number
  sending?: number
  /** When the tempo starts, in milliseconds after the clock does. */
  starts?: number
}) {
  const clock = createFakeClock(late)
  const start = clock.time
  const stop = new AbortController()
  const sentAt: number[] = []
  const moments: number[] = []
  const batches: number[][] = []
  let made = 0
  let reported = 0
  const result = await keepPace({
    tempo: createTempo(start + starts, steady(rate)),
    signal: stop.signal,
    clock,
    make(at, batch) {
      moments.push(at - start)
      batch.push(made++)
    },
    async send(batch) {
      batches.push(batch)
      for (const _ of batch) sentAt.push(clock.time - start)
      clock.time += sending
      if (end !== undefined && clock.time - start >= end) stop.abort()
    },
    onBehind: (left) => {
      reported += left
    },
    ...options,
  })
  return { ...result, sentAt, moments, batches, made, reported, elapsed: clock.time - start }
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
      assert.deepEqual({ sent, behind }, { sent: count, behind: 0 })
      assert.ok(made >= count && made < count + 5_000)
    }
  })

  it('sends nothing for a count of zero', async () => {
    assert.equal((await run({ rate: 10, count: 0 })).sent, 0)
  })

  it('does not drift when timers are late', async () => {
    const { sent, behind, elapsed } = await run({ rate: 1_000, late: 7, end: 600_000 })
    assert.equal(behind, 0)
    assert.ok(Math.abs(sent - elapsed) <= 20, `${sent} in ${elapsed} ms`)
  })

  it('does not drift at a rate that no timer can meet exactly', async () => {
    const { sentAt } = await run({ rate: 1 / 3, count: 1_000, late: 1 })
    assert.ok(Math.abs((sentAt.at(-1) ?? 0) - 999 * 3_000) <= 20, `${sentAt.at(-1)} ms`)
  })

  it('sends in batches, in order, none larger than 5000', async () => {
    const { batches } = await run({ rate: 50_000, end: 5_000, sending: 150 })
    const sizes = batches.map(({ length }) => length)
    assert.ok(Math.max(...sizes) <= 5_000)
    assert.ok(batches.length < 1_000, `${batches.length} batches`)
    assert.deepEqual(batches.flat(), Array.from(batches.flat().keys()))
  })

  it('keeps the rate while sending takes time, as long as it can', async () => {
    const { sent, behind, elapsed } = await run({ rate: 20_000, end: 60_000, sending: 50 })
    assert.equal(behind, 0)
    assert.ok(Math.abs(sent - elapsed * 20) <= 5_000, `${sent} in ${elapsed} ms`)
  })

  it('owes a slow receiver two seconds at most, and reports skipped events', async () => {
    const { sent, behind, reported, made, elapsed } = await run({
      rate: 1_000,
      end: 60_000,
      sending: 5_000,
    })
    assert.equal(reported, behind)
    assert.equal(made, sent, 'what is left out is never made')
    // One batch of two seconds' worth in every five seconds.
    assert.ok(Math.abs(sent - (elapsed / 5_000) * 2_000) <= 2_000, `${sent} sent`)
    assert.ok(Math.abs(sent + behind - elapsed) <= 5_001, `${sent} sent, ${behind} behind in ${elapsed} ms`)
  })

  it('does not catch up after the machine slept', async () => {
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
    assert.deepEqual({ sent, behind }, { sent: 4, behind: 1_800 - 1 })
  })

  it('continues when the clock is set back', async () => {
    const clock = createFakeClock()
    let waits = 0
    const { sent } = await run({
      rate: 1,
      count: 10,
      clock: {
        now: clock.now,
        async wait(milliseconds) {
          await clock.wait(milliseconds, AbortSignal.abort())
          if (waits++ === 5) clock.time -= 3_600_000
        },
      },
    })
    assert.equal(sent, 10)
    assert.ok(waits < 100, `${waits} waits`)
  })

  it('splits the wait when the next event is days ahead', async () => {
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

  it('reports why sending failed', async () => {
    const send = async () => {
      throw new Error('no broker')
    }
    await assert.rejects(run({ rate: 1, send }), /no broker/)
  })

  it('waits while the rate is 0, and until it is stopped', async () => {
    const stop = new AbortController()
    let waits = 0
    const { sent } = await run({
      rate: 0,
      signal: stop.signal,
      clock: {
        now: () => 1_000_000,
        async wait() {
          if (++waits === 100) stop.abort()
        },
      },
    })
    assert.deepEqual([sent, waits], [0, 100])
  })

  it('sends nothing when it is stopped before it starts', async () => {
    assert.equal((await run({ rate: 1, signal: AbortSignal.abort() })).sent, 0)
  })

  it('stops at once by the real clock, in the middle of a wait', async () => {
    const stop = new AbortController()
    const started = performance.now()
    const { sent } = await keepPace<number>({
      tempo: createTempo(Date.now(), steady(0.01)),
      signal: stop.signal,
      make: (_, batch) => batch.push(1),
      send: async () => {
        setTimeout(() => stop.abort(), 20)
      },
    })
    assert.equal(sent, 1)
    // The next event would be due after 100 s.
    assert.ok(performance.now() - started < 90_000)
  })

  describe('of a past', () => {
    const hour = 3_600_000

    it('is generated completely at full speed, then continues live', async () => {
      const past = { until: Number.POSITIVE_INFINITY, thenLive: true }
      const { sentAt, moments, behind } = await run({
        rate: 1,
        starts: -hour,
        past,
        sending: 500,
        end: 10_000,
      })
      assert.equal(behind, 0)
      // The hour in one go, which took half a second, and then a second at a time.
      assert.equal(sentAt.filter((at) => at === 0).length, 3_601)
      assert.deepEqual(
        moments,
        moments.map((_, index) => index * 1_000 - hour),
        'no second is missing',
      )
    })

    it('ends at the requested time, then continues now', async () => {
      const past = { until: 1_000_000 - hour / 2, thenLive: true }
      const { moments } = await run({ rate: 1, starts: -hour, past, end: 5_000, sending: 100 })
      assert.deepEqual(
        moments.slice(0, 1_800),
        Array.from({ length: 1_800 }, (_, index) => index * 1_000 - hour),
      )
      assert.ok((moments[1_800] ?? -1) >= 0, `goes on at ${moments[1_800]}`)
    })

    it('ends there if nothing is to follow', async () => {
      const past = { until: 1_000_000 - hour / 2, thenLive: false }
      const { sent, elapsed } = await run({ rate: 1, starts: -hour, past })
      assert.deepEqual([sent, elapsed], [1_800, 0])
    })

    it('is not cut short by a slow receiver', async () => {
      const past = { until: 1_000_000, thenLive: false }
      const { sent, behind } = await run({ rate: 100, starts: -hour, past, sending: 60_000 })
      assert.deepEqual([sent, behind], [360_000, 0])
    })
  })
})
