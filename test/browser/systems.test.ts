import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { violations } from '../support/axe.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { freePort } from '../support/ports.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the systems that listens are handed on to, on the page', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser
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
    await browser?.close()
    await workspace.close()
  })

  it('say how each is doing, and what to do about one that is away, while listens are stored', async () => {
    const { page, problems } = await openPage(browser)
    await page.goto(`${playhead.url}/pipeline`)
    const panel = page.getByRole('region', { name: 'Handed on to', exact: true })
    await panel.getByRole('row', { name: /^archive archive Running/ }).waitFor()
    await panel.getByRole('row', { name: /^cassandra sink Waiting ?: .*CASSANDRA_CONTACT_POINTS/ }).waitFor()
    await page.getByRole('status', { name: 'Health' }).getByText('Healthy.').waitFor()
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(problems, [])
    await page.context().close()
  })

  it('are no panel where there are none', async () => {
    const alone = await workspace.start({ KAFKA_TOPIC: 'alone' }, 'alone')
    const { page } = await openPage(browser)
    await page.goto(`${alone.url}/pipeline`)
    await page.getByRole('heading', { name: 'Partitions' }).waitFor()
    assert.equal(await page.getByRole('heading', { name: 'Handed on to' }).count(), 0)
    await page.context().close()
  })
})
