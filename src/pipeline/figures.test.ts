import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Registry } from 'prom-client'
import { pipelineFigures } from './figures.ts'
import { pipelineMetrics } from './metrics.ts'

const STATE = { waiting: () => ({ batch: 3, inFlight: 4 }), rebalances: () => 2 }

describe('the figures of the pipeline', () => {
  it('are zero before the first read, and the average without an INSERT is null', async () => {
    const figures = await pipelineFigures(pipelineMetrics(new Registry()), STATE)
    assert.deepEqual(figures, {
      ...{ read: 0, stored: 0, dropped: 0, deadLettered: 0, missing: 0, insertSeconds: null },
      ...{ rebalances: 2, batch: 3, inFlight: 4, stepSeconds: [] },
    })
  })

  it('sum the counts of all reasons, and average the INSERTs', async () => {
    const metrics = pipelineMetrics(new Registry())
    metrics.read.inc(10)
    metrics.stored.inc(7)
    metrics.deadLettered.inc({ reason: 'not_json' }, 2)
    metrics.deadLettered.inc({ reason: 'not_utf8' })
    metrics.insertSeconds.observe(1)
    metrics.insertSeconds.observe(2)
    metrics.stepSeconds.inc({ step: 'decode' }, 0.5)
    const figures = await pipelineFigures(metrics, STATE)
    assert.equal(figures.read, 10)
    assert.equal(figures.stored, 7)
    assert.equal(figures.deadLettered, 3)
    assert.equal(figures.insertSeconds, 1.5)
    assert.deepEqual(figures.stepSeconds, [{ step: 'decode', seconds: 0.5 }])
  })
})
