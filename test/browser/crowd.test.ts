import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { SimulatorAnswer } from '../../src/api/routes/simulator.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

describe('the simulated crowd on the page', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start({ SIMULATOR_INTERVAL: '2' })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await workspace.close()
  })

  const state = async () =>
    ((await (await fetch(`${playhead.url}/api/simulator`)).json()) as SimulatorAnswer).simulator
  const crowd = (page: Page) => page.getByRole('region', { name: 'Simulated crowd' })

  it('shows its profile and rate, and takes another profile by keyboard', async () => {
    const { page, problems } = await openPage(browser)
    await page.goto(`${playhead.url}/pipeline`)
    const everyday = crowd(page).getByRole('button', { name: /^Everyday 0.5\/s/ })
    await everyday.waitFor()
    assert.equal(await everyday.getAttribute('aria-pressed'), 'true')
    const release = crowd(page).getByRole('button', { name: /^Release day 20\/s/ })
    await release.focus()
    await page.keyboard.press('Enter')
    await crowd(page)
      .getByText(/plays\/s, target 20/)
      .waitFor()
    assert.equal(await release.getAttribute('aria-pressed'), 'true')
    assert.equal(await everyday.getAttribute('aria-pressed'), 'false')
    // The plays are real: they arrive in the store, at about that rate.
    const before = (await playhead.totals()).listens
    await until('a hundred more are stored', async () => (await playhead.totals()).listens > before + 100)
    await until('the rate is measured', async () => ((await state())?.measured ?? 0) > 10)
    assert.deepEqual(problems, [])
    await page.context().close()
  })

  it('is paused and goes on, and a second page sees it', async () => {
    const [{ page }, { page: other }] = [await openPage(browser), await openPage(browser)]
    await page.goto(`${playhead.url}/pipeline`)
    await other.goto(`${playhead.url}/pipeline`)
    await crowd(page).getByRole('button', { name: 'Pause the crowd' }).click()
    await crowd(page).getByText('Paused').waitFor()
    await crowd(other).getByRole('button', { name: 'Resume the crowd' }).waitFor()
    const paused = await state()
    assert.equal(paused?.paused, true)
    await crowd(other).getByRole('button', { name: 'Resume the crowd' }).click()
    await until('it plays again', async () => ((await state())?.sent ?? 0) > (paused?.sent ?? 0) + 20)
    await page.context().close()
    await other.context().close()
  })

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has no violation that axe finds, in the ${colorScheme} theme and on a telephone`, async () => {
      for (const viewport of [
        { width: 1440, height: 900 },
        { width: 390, height: 844 },
      ]) {
        const { page } = await openPage(browser, { colorScheme, viewport })
        await page.goto(`${playhead.url}/pipeline`)
        await crowd(page).getByRole('button', { name: 'Pause the crowd' }).waitFor()
        assert.deepEqual(await violations(page), [])
        const [wide, all] = (await page.evaluate('[innerWidth, document.documentElement.scrollWidth]')) as [
          number,
          number,
        ]
        assert.ok(all <= wide, `${all} px wide on a screen of ${wide}`)
        await page.context().close()
      }
    })
})
