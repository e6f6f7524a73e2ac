import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('dead letters on the page', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await workspace.close()
  })

  it('can be fixed and redriven, and show when the copy is stored', async () => {
    const value = Buffer.from(JSON.stringify(event({ title: 'Mended on the page', mood: '' })))
    await sendRecords(workspace.broker.address, [{ key: null, value }])
    const { page } = await openPage(browser)
    await page.goto(`${playhead.url}/pipeline`)
    await page.getByRole('region', { name: 'Dead letters, as a table' }).getByRole('button').click()
    await page.getByText('No action yet.').waitFor()
    await page.getByRole('button', { name: 'Redrive' }).click()
    await page.getByText('Not done:').waitFor()
    await page.getByLabel('New value of mood').fill('Happy')
    await page.getByRole('button', { name: 'Fix and redrive' }).click()
    await page.getByText('A redriven copy is stored.').waitFor()
    const [stored] = (await playhead.listens()).listens
    assert.deepEqual([stored?.title, stored?.mood], ['Mended on the page', 'Happy'])
    await page.context().close()
  })
})
