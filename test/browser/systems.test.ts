import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { freePort } from '../../src/runtime/port.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event, record } from '../support/event.ts'
import { type Member, memberOf } from '../support/fleet.ts'
import { countRecords, readRecords, sendRecords } from '../support/kafka.ts'
import { type RunningPlayhead, spawnPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

/** A process counts as dead only after a while. */
const PATIENCE_MS = 300_000

describe('outputs on the page', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser
  const others: Member[] = []
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start({
      ARCHIVE: join(workspace.directory, 'archive'),
      SINKS: 'cassandra',
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${await freePort()}`,
    })
    browser = await launchBrowser()
    await sendRecords(workspace.broker.address, [record(event())])
  })
  after(async () => {
    for (const other of others) if (other.ended() === null) await other.kill()
    await browser?.close()
    await workspace.close()
  })

  it('show the state of each output and what to do about an unavailable one, while listens are stored', async () => {
    const { page, problems } = await openPage(browser)
    await page.goto(`${playhead.url}/pipeline`)
    const panel = page.getByRole('region', { name: 'Outputs', exact: true })
    await panel.getByRole('row', { name: /^archive archive Running/ }).waitFor()
    await panel.getByRole('row', { name: /^cassandra sink Waiting ?: .*CASSANDRA_CONTACT_POINTS/ }).waitFor()
    await page.getByRole('status', { name: 'Health' }).getByText('Healthy.').waitFor()
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(problems, [])
    await page.context().close()
  })

  it('have no panel until other processes run outputs, then show each once until these processes end', async () => {
    const alone = await workspace.start({ KAFKA_TOPIC: 'alone' }, 'alone')
    const { page } = await openPage(browser)
    await page.goto(`${alone.url}/pipeline`)
    await page.getByRole('heading', { name: 'Partitions' }).waitFor()
    const panel = page.getByRole('region', { name: 'Outputs', exact: true })
    assert.equal(await panel.count(), 0)

    const { address } = workspace.broker
    const env = {
      KAFKA_BROKERS: address,
      KAFKA_TOPIC: 'alone',
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${await freePort()}`,
    }
    const start = () => {
      const sink = memberOf(spawnPlayhead(['sink', 'cassandra'], env))
      others.push(sink)
      return sink
    }
    const row = (state: RegExp) => panel.getByRole('row', { name: state })
    const sinks = [start(), start()]
    await row(/^cassandra sink Waiting ?: .*CASSANDRA_CONTACT_POINTS/).waitFor({ timeout: PATIENCE_MS })
    assert.deepEqual(await violations(page), [])
    await until('both have reported', async () => {
      const topic = 'alone.systems'
      const told = await readRecords(address, topic, await countRecords(address, topic))
      return new Set(told.map(({ key }) => String(key))).size === 2
    })
    assert.equal(await row(/^cassandra/).count(), 1)
    for (const sink of sinks) assert.equal(await sink.stop(), 0, sink.output())
    await panel.waitFor({ state: 'detached', timeout: PATIENCE_MS })

    const killed = start()
    await row(/^cassandra sink Waiting/).waitFor({ timeout: PATIENCE_MS })
    await killed.kill()
    await row(/^cassandra sink Failed ?: Its process has not reported .*start it again/).waitFor({
      timeout: PATIENCE_MS,
    })
    // A request for the health of one process gets no state of another one.
    assert.deepEqual((await alone.readiness()).systems, [])
    await page.context().close()
  })
})
