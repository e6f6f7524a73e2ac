// Takes the screenshots in docs/images: every page in both themes, with two months of a simulated
// crowd.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser, openPage } from '../test/support/browser.ts'
import { historyOf, sendListens } from '../test/support/history.ts'
import { sendRecords } from '../test/support/kafka.ts'
import { until } from '../test/support/until.ts'
import { openWorkspace } from '../test/support/workspace.ts'

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))
const DESKTOP = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }
const LISTENS = 60_000
const SONG = 'title=Come+As+You+Are&artist=Nirvana&range=30d'

const PICTURES = [
  ['live', DESKTOP, '/'],
  ['filtered', DESKTOP, '/?platform=Spotify&completed=true&sort=artist&order=asc'],
  ['details', DESKTOP, '/'],
  ['form', DESKTOP, '/'],
  ['phone', PHONE, '/'],
  ['insights', DESKTOP, '/insights?range=30d&stack=platform'],
  ['insights-phone', PHONE, '/insights?range=30d'],
  ['song', DESKTOP, `/song?${SONG}`],
  ['artist', DESKTOP, '/artist?artist=Avicii&range=30d'],
  ['pipeline', DESKTOP, '/pipeline'],
  ['data', DESKTOP, '/data'],
  ['search', DESKTOP, '/insights?range=30d'],
] as const
/** Taller than the screen, so that the picture shows the whole page. */
const WHOLE = ['insights', 'song', 'artist', 'pipeline', 'data']

await mkdir(IMAGES, { recursive: true })
const workspace = await openWorkspace()
try {
  const playhead = await workspace.start({ SIMULATOR_INTERVAL: '2' })
  await sendListens(workspace.broker.address, await historyOf({ days: 62, count: LISTENS, seed: 11 }))
  const refused = ['not json', '{"user_id":"7f0c","name":"Ann"}', '{}']
  await sendRecords(
    workspace.broker.address,
    refused.map((text) => ({ key: Buffer.from('k'), value: Buffer.from(text) })),
  )
  await until('the listens', async () => (await playhead.totals()).listens > LISTENS)
  // The backfill must not count as current traffic.
  await until(
    'the usual pace',
    async () => {
      const now = (await (await fetch(`${playhead.url}/api/stats/now`)).json()) as {
        events_per_minute: number
      }
      return now.events_per_minute < 100
    },
    120_000,
  )
  const browser = await launchBrowser()
  try {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [name, viewport, path] of PICTURES) {
        const { page } = await openPage(browser, { colorScheme, viewport, deviceScaleFactor: 1 })
        await page.goto(playhead.url + path)
        await page.locator('h1').waitFor({ state: 'attached' })
        if (path.startsWith('/?') || path === '/') await page.locator('[data-row-id]').first().waitFor()
        if (name === 'form') await page.getByRole('button', { name: 'Add a stream event' }).click()
        if (name === 'live') await page.locator('[data-fresh]').first().waitFor()
        if (name === 'details') await page.locator('.row-open').first().click()
        if (name === 'search') {
          await page.keyboard.press('Control+k')
          await page.getByRole('dialog', { name: 'Search' }).getByRole('combobox').waitFor()
          await page.keyboard.type('av')
          await page.getByRole('option', { name: 'Avicii', exact: true }).first().waitFor()
        }
        if (name === 'pipeline')
          await until('some history', async () => {
            const { history } = (await (await fetch(`${playhead.url}/api/pipeline`)).json()) as {
              history: unknown[]
            }
            return history.length > 8
          })
        await until(
          'nothing loads any more',
          async () => (await page.locator('.frame-loading').count()) === 0,
        )
        // Canvases draw in steps, so wait until the picture is stable; where rows arrive it never
        // is.
        await until('a still picture', async () => {
          const before = await page.screenshot()
          return before.equals(await page.screenshot()) || path === '/'
        })
        await page.screenshot({ path: `${IMAGES}${name}-${colorScheme}.png`, fullPage: WHOLE.includes(name) })
        await page.context().close()
        process.stdout.write(`docs/images/${name}-${colorScheme}.png\n`)
      }
  } finally {
    await browser.close()
  }
} finally {
  await workspace.close()
}
process.exit()
