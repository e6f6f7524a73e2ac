import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { StoredListen } from '../../src/listen/stored.ts'
import type { DeadLettersAnswer } from '../../src/questions/dead-letters.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
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

  /** Sends a record that becomes a dead letter. @returns the page with its details */
  async function openNewest(json: string): Promise<Page> {
    await sendRecords(workspace.broker.address, [{ key: null, value: Buffer.from(json) }])
    await until('it is a dead letter', async () => {
      const answer = await fetch(`${playhead.url}/api/dead-letters?status=waiting`)
      return ((await answer.json()) as DeadLettersAnswer).dead_letters.length > 0
    })
    const { page } = await openPage(browser)
    await page.goto(`${playhead.url}/pipeline`)
    const letters = page.getByRole('region', { name: 'Dead letters, as a table' })
    await letters.getByRole('button').first().click()
    return page
  }

  /** Each is a dead letter because of one field, and a listen once that field is corrected. */
  const CORRECTIONS: { field: string; bad: unknown; typed: string; value: unknown }[] = [
    { field: 'mood', bad: '', typed: 'Happy', value: 'Happy' },
    { field: 'title', bad: 7, typed: '1999', value: '1999' },
    { field: 'duration_seconds', bad: '200', typed: '200.5', value: 200.5 },
    { field: 'completed', bad: 'true', typed: 'false', value: false },
    { field: 'rating', bad: 'none', typed: 'null', value: null },
    { field: 'rating', bad: 7, typed: '4.5', value: 4.5 },
  ]
  for (const [index, { field, bad, typed, value }] of CORRECTIONS.entries())
    it(`are fixed and redriven with ${field} ${JSON.stringify(value)}`, async () => {
      const user_id = `corrected ${index}`
      const json = JSON.stringify({ ...event({ user_id }), [field]: bad })
      const page = await openNewest(json)
      await page.getByText('No action yet.').waitFor()
      await page.getByRole('button', { name: 'Redrive' }).click()
      await page.getByText('Not done:').waitFor()
      await page.getByLabel(`New value of ${field}`).fill(typed)
      await page.getByRole('button', { name: 'Fix and redrive' }).click()
      await page.getByText('A redriven copy is stored.').waitFor()
      const [stored] = (await playhead.listens(`user=${encodeURIComponent(user_id)}`)).listens
      assert.deepEqual(stored?.[field as keyof StoredListen], value)
      await page.context().close()
    })

  it('are not redriven with a value of another type', async () => {
    const json = JSON.stringify({ ...event({ user_id: 'another type' }), completed: 'perhaps' })
    const page = await openNewest(json)
    await page.getByLabel('New value of completed').fill('yes')
    await page.getByRole('button', { name: 'Fix and redrive' }).click()
    await page.getByText('Not done: completed must be boolean.').waitFor()
    await page.context().close()
  })
})
