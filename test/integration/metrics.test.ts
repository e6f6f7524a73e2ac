import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { Registry } from 'prom-client'
import { sinkMetrics } from '../../src/outputs/sink/metrics.ts'
import { record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('metrics', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
  })
  after(() => workspace.close())

  const metrics = async () => await (await fetch(`${playhead.url}/metrics`)).text()
  const figure = (text: string, series: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `))
    return line === undefined ? null : Number(line.slice(series.length + 1))
  }

  it('count records that were read, stored and dead-lettered, and the time it took', async () => {
    const good = [record({ timestamp: Math.floor(Date.now() / 1000) - 60 }), record(), record()]
    const bad = { key: Buffer.from('k'), value: Buffer.from('{') }
    await sendRecords(workspace.broker.address, [...good, bad])
    const text = await until('all four are handled', async () => {
      const now = await metrics()
      const stored = figure(now, 'playhead_listens_stored_total')
      const dead = figure(now, 'playhead_dead_letters_total{reason="not_json"}')
      const observed = figure(now, 'playhead_delivery_delay_seconds_count{from="event"}')
      return stored === 3 && dead === 1 && observed === 3 ? now : null
    })
    const bytes = good.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)
    assert.equal(figure(text, 'playhead_records_read_total'), 4)
    assert.equal(figure(text, 'playhead_read_bytes_total'), bytes + 1)
    assert.equal(figure(text, 'playhead_stored_bytes_total'), bytes)
    assert.equal(figure(text, 'playhead_delivery_delay_seconds_count{from="acknowledged"}'), 3)
    // The three events are a minute older by their own time than by Kafka's.
    assert.equal(figure(text, 'playhead_delivery_delay_seconds_bucket{le="30",from="event"}'), 0)
    const delay = (from: string) => figure(text, `playhead_delivery_delay_seconds_sum{from="${from}"}`) ?? 0
    assert.ok(delay('event') - delay('acknowledged') >= 179)
    assert.ok((figure(text, 'playhead_delivery_delay_seconds_count{from="read"}') ?? 0) >= 1)
    assert.ok((figure(text, 'playhead_batch_age_seconds_count') ?? 0) >= 1)
    assert.ok((figure(text, 'playhead_group_rebalances_total') ?? 0) >= 1)
    assert.ok((figure(text, 'playhead_last_stored_timestamp_seconds') ?? 0) > 1.7e9)
  })

  it('have the lag of each partition in offsets and in seconds, and nothing in the queues at rest', async () => {
    const text = await until('no lag', async () => {
      const now = await metrics()
      const lags = [0, 1, 2, 3, 4, 5].map((one) =>
        figure(now, `playhead_consumer_lag_offsets{partition="${one}"}`),
      )
      return lags.every((lag) => lag === 0) ? now : null
    })
    for (const partition of [0, 1, 2, 3, 4, 5])
      assert.equal(figure(text, `playhead_consumer_lag_seconds{partition="${partition}"}`), 0)
    assert.equal(figure(text, 'playhead_queue_records{queue="batch"}'), 0)
    assert.equal(figure(text, 'playhead_queue_records{queue="in_flight"}'), 0)
    assert.equal(figure(text, 'playhead_pipeline_failing'), 0)
  })

  it('exist for every name in the dashboard and the alert rules', async () => {
    // Metrics of sinks exist where one runs.
    const ofSinks = new Registry()
    sinkMetrics(ofSinks)
    const text = (await metrics()) + (await ofSinks.metrics())
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]))
    const exists = (name: string) =>
      types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'
    for (const file of ['grafana-dashboard.json', 'alerts.yaml']) {
      const rules = await readFile(new URL(`../../ops/${file}`, import.meta.url), 'utf8')
      const exprs = [...rules.matchAll(/"?expr"?: (.*)$/gm)].map(([, expr = '']) => expr)
      const names = exprs.flatMap((expr) => expr.match(/\b(playhead|process|nodejs)_\w+/g) ?? [])
      assert.ok(names.length >= 10, `${file} names metrics`)
      for (const name of names) assert.ok(exists(name), `${file} names ${name}, which does not exist`)
    }
  })
})
