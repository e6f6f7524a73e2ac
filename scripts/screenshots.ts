// `npm run screenshots`: starts a Playhead of its own, lets a crowd play, and takes the pictures of docs/images/.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser, openPage } from '../test/support/browser.ts'
import { until } from '../test/support/until.ts'
import { openWorkspace } from '../test/support/workspace.ts'

const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url))
const DESKTOP = { width: 1440, height: 810 }
const PHONE = { width: 390, height: 844 }

await mkdir(IMAGES, { recursive: true })
const workspace = await openWorkspace()
try {
  const busy = await workspace.start({ SIMULATOR_RATE: '300' })
  await until('a few thousand listens', async () => (await busy.totals()).listens > 5_000)
  await busy.stop()
  // The pictures show the usual pace.
  const playhead = await workspace.start({ SIMULATOR_INTERVAL: '2' })
  const browser = await launchBrowser()
  try {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const [name, viewport, path] of [
        ['live', DESKTOP, '/'],
        ['filtered', DESKTOP, '/?platform=Spotify&completed=true&sort=artist&order=asc'],
        ['form', DESKTOP, '/'],
        ['phone', PHONE, '/'],
      ] as const) {
        const { page } = await openPage(browser, { colorScheme, viewport, deviceScaleFactor: 1.5 })
        await page.goto(playhead.url + path)
        await page.locator('[data-row-id]').first().waitFor()
        if (name === 'form') await page.getByRole('button', { name: 'Add a stream event' }).click()
        else if (name === 'live') await page.locator('[data-fresh]').first().waitFor()
        await page.screenshot({ path: `${IMAGES}${name}-${colorScheme}.png` })
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
