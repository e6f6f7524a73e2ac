/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import type { Browser, Locator, Page } from 'playwright-core'
import { violations } from '../support/axe.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { parseCsv } from '../support/csv.ts'
import { historyOf, sendListens } from '../support/history.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const LISTENS = 1_500
const PLACES = [
  ['Live', '/'],
  ['Insights', '/insights?range=30d'],
  ['Songs', '/song'],
  ['a song', '/song?title=Levels&artist=Avicii&range=30d'],
  ['Artists', '/artist'],
  ['an artist', '/artist?artist=Avicii&range=30d'],
  ['Pipeline', '/pipeline'],
  ['Data', '/data'],
] as const
const decompress = (input: Uint8Array) => zstdDecompressSync(input)
const WIDTHS = [390, 820, 1440]

describe('every page', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser

  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    const [searched, ...others] = await historyOf({ days: 20, count: LISTENS, seed: 3 })
    assert.ok(searched)
    // What the crowd plays depends on the hour; what is searched for has to be there at any.
    const found = { title: 'Levels', artist: 'Avicii', location: { city: 'Osaka', country: 'Japan' } }
    await sendListens(workspace.broker.address, [{ ...searched, ...found }, ...others])
    await sendRecords(workspace.broker.address, [{ key: Buffer.from('k'), value: Buffer.from('not json') }])
    await until('all listens', async () => (await playhead.totals()).listens === LISTENS)
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await workspace.close()
  })

  async function visit<T>(
    path: string,
    options: Parameters<typeof openPage>[1],
    look: (page: Page) => Promise<T>,
  ): Promise<T> {
    const { page, problems } = await openPage(browser, options)
    try {
      await page.goto(playhead.url + path)
      await page.locator('h1').waitFor({ state: 'attached' })
      await until('nothing loads any more', async () => (await page.locator('.frame-loading').count()) === 0)
      if (path === '/') await page.locator('[data-row-id]').first().waitFor()
      const result = await look(page)
      assert.deepEqual(problems, [])
      return result
    } finally {
      await page.context().close()
    }
  }

  for (const [name, path] of PLACES)
    for (const colorScheme of ['light', 'dark'] as const)
      it(`${name} gives axe nothing to find in the ${colorScheme} theme, at any width`, async () => {
        for (const width of WIDTHS)
          await visit(path, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
            assert.deepEqual(await violations(page), [], `${width} px`)
            const { scroll, client } = await page.evaluate(() => ({
              scroll: document.documentElement.scrollWidth,
              client: document.documentElement.clientWidth,
            }))
            assert.ok(scroll <= client, `${scroll} is wider than ${client}`)
          })
      })

  it('can be reached from every other, and by its address', async () => {
    await visit('/', {}, async (page) => {
      for (const [place, path] of [
        ['Insights', '/insights'],
        ['Songs', '/song'],
        ['Artists', '/artist'],
        ['Pipeline', '/pipeline'],
        ['Data', '/data'],
        ['Live', '/'],
      ] as const) {
        await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: place }).click()
        await until(path, () => new URL(page.url()).pathname === path)
      }
    })
  })

  it('finds songs, artists, places and actions by keyboard alone', async () => {
    await visit('/', {}, async (page) => {
      const search = async (text: string, option: string) => {
        await page.keyboard.press('Control+k')
        await page.getByRole('dialog', { name: 'Search' }).getByRole('combobox').waitFor()
        await page.keyboard.type(text)
        await page.getByRole('option', { name: option, exact: true }).first().waitFor()
        await page.keyboard.press('Enter')
        await page.getByRole('dialog', { name: 'Search' }).waitFor({ state: 'hidden' })
      }
      await search('pipeline', 'Pipeline')
      await until('the pipeline', () => new URL(page.url()).pathname === '/pipeline')
      await search('levels', 'Levels')
      await until('the song', () => page.url().endsWith('/song?title=Levels&artist=Avicii'))
      await page.getByRole('heading', { name: 'Levels', level: 1 }).waitFor()
      await search('osaka', 'Osaka')
      await until('the city', () => page.url().endsWith('/insights?city=Osaka'))
      await page.getByRole('heading', { name: 'Insights', level: 1 }).waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog', { name: 'Search' }).waitFor()
      assert.deepEqual(await violations(page), [])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'Search' }).waitFor({ state: 'hidden' })
    })
  })

  it('of listens opens the details of one by keyboard, and filters from there', async () => {
    await visit('/', {}, async (page) => {
      await page
        .getByRole('button', { name: /^Details of/ })
        .first()
        .press('Enter')
      const drawer = page.getByRole('dialog', { name: 'Listen' })
      await drawer.getByText('Kafka offset').waitFor()
      assert.deepEqual(await violations(page), [])
      // By its title, because a genre may be City Pop.
      const button = drawer.getByTitle(/^Only listens with city /)
      const city = await button.innerText()
      await button.click()
      await until('the filter', () => new URL(page.url()).searchParams.get('city') === city.trim())
      await page.getByRole('button', { name: `Clear City: ${city.trim()}` }).click()
      await until('no filter', () => new URL(page.url()).search === '')
    })
  })

  it('keeps a popup open when its text, label or empty space is clicked', async () => {
    await visit('/', {}, async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click()
      const chooser = page.getByRole('group', { name: 'Columns and rows' })
      await chooser.getByText('Mood', { exact: true }).click()
      assert.equal(await chooser.getByRole('checkbox', { name: 'Mood' }).isChecked(), false)
      await chooser.click({ position: { x: 3, y: 3 } })
      assert.ok(await chooser.isVisible())
      await page.keyboard.press('Escape')
      await chooser.waitFor({ state: 'hidden' })

      await page.getByRole('combobox', { name: 'Artist', exact: true }).fill('no such artist')
      const nothing = page.getByRole('option', { name: 'Nothing found.' })
      await nothing.waitFor()
      // It cannot be chosen, so the click meets the popup behind it.
      await nothing.click({ force: true })
      // An answer that arrives now draws the list again; a popup that was closed stays closed.
      await nothing.waitFor()
      await page.locator('.option-popup').click({ position: { x: 2, y: 2 } })
      await nothing.waitFor()
    })
    await visit('/insights?range=30d', {}, async (page) => {
      await page.getByRole('button', { name: 'Range: Last 30 days' }).click()
      const days = page.getByRole('form', { name: 'Any days' })
      await days.getByText('To (included)').click()
      await page.locator('.range-popup').click({ position: { x: 3, y: 3 } })
      assert.ok(await days.isVisible())
      await page.getByRole('heading', { name: 'Ratings', exact: true }).click()
      await days.waitFor({ state: 'hidden' })

      await page.getByRole('button', { name: 'How ratings is computed' }).click()
      const help = page.getByRole('note')
      await help.click()
      assert.ok(await help.isVisible())
      await page.getByRole('heading', { name: 'Ratings', exact: true }).click()
      await help.waitFor({ state: 'hidden' })
    })
  })

  it('shows popups whole on a phone, and Escape closes the popup before the panel around it', async () => {
    await visit('/insights?range=30d', { viewport: { width: 375, height: 700 } }, async (page) => {
      const inSight = async (popup: Locator) => {
        await popup.waitFor()
        await until('it is in the window', async () => {
          const box = await popup.boundingBox()
          return box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 375 && box.y + box.height <= 700
        })
      }
      await page.getByRole('button', { name: 'Range: Last 30 days' }).click()
      await inSight(page.getByRole('dialog', { name: 'Range' }))
      assert.deepEqual(await violations(page), [])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'How plays over time is computed' }).click()
      await inSight(page.getByRole('note'))
      await page.getByRole('button', { name: 'More for plays over time' }).click()
      await inSight(page.getByRole('menu'))
      await page.keyboard.press('Escape')

      await page.getByRole('button', { name: /^Filters/ }).click()
      const panel = page.getByRole('dialog', { name: 'Filters' })
      await panel.getByRole('combobox', { name: 'Genre', exact: true }).click()
      const list = page.getByRole('listbox')
      await list.getByRole('option').first().click()
      await inSight(list)
      assert.deepEqual(await violations(page), [])
      await page.keyboard.press('Escape')
      await list.waitFor({ state: 'hidden' })
      assert.ok(await panel.isVisible())
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'hidden' })
    })
  })

  it('of listens keeps which columns are shown in this browser', async () => {
    await visit('/', {}, async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click()
      await page.getByRole('checkbox', { name: 'Mood' }).uncheck()
      await page.getByRole('radio', { name: 'Compact rows' }).check()
      await page.reload()
      await page.locator('[data-row-id]').first().waitFor()
      assert.equal(await page.getByRole('columnheader', { name: 'Mood' }).count(), 0)
      assert.equal(await page.getByRole('columnheader').count(), 14)
    })
  })

  it('of the data exports the chosen listens in each format, row by row', async () => {
    const query = 'platform=Spotify&rating=none'
    const { listens } = await playhead.listens(`${query}&limit=1000`)
    assert.ok(listens.length > 3)
    await visit(`/data?${query}`, { acceptDownloads: true }, async (page) => {
      const exported = async (format: string) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: `Export as ${format}` }).click(),
        ])
        await page.getByText(`${listens.length} listens are in the file.`).waitFor()
        return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
      }
      const jsonLines = await exported('JSON Lines')
      assert.equal(jsonLines.name, 'playhead-listens.jsonl')
      assert.deepEqual(
        jsonLines.bytes
          .toString()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
        listens,
      )

      const csv = await exported('CSV')
      const [names = [], ...lines] = parseCsv(csv.bytes.toString())
      assert.deepEqual(
        lines.map((cells) => names.map((name, at) => `${name} ${cells[at]}`)),
        listens.map((listen) => {
          const flat: Record<string, unknown> = { ...listen, ...listen.location }
          return names.map((name) => `${name} ${flat[name] ?? ''}`)
        }),
      )

      const parquet = await exported('Parquet')
      const rows = await parquetReadObjects({
        file: new Uint8Array(parquet.bytes).buffer,
        compressors: { ZSTD: decompress },
      })
      assert.deepEqual(
        rows.map((row) => ({ ...row, timestamp: row['timestamp'].getTime() / 1000 })),
        listens.map(({ location, stored_at, partition, offset, ...listen }) => ({ ...listen, ...location })),
      )
    })
  })

  it('of the data adds a song, once', async () => {
    await visit('/data', {}, async (page) => {
      const add = async () => {
        for (const [label, text] of [
          ['Title', 'A New Song'],
          ['Artist', 'Somebody New'],
          ['Genre', 'Dub'],
        ] as const)
          await page.getByRole('textbox', { name: label, exact: true }).fill(text)
        await page.getByRole('button', { name: 'Add to the catalogue' }).click()
      }
      await add()
      await page.getByText('A New Song by Somebody New is in the catalogue.').waitFor()
      await page.getByRole('searchbox', { name: 'Find a song' }).fill('somebody')
      await page.getByRole('link', { name: 'A New Song' }).waitFor()
      await add()
      await page.getByText('A New Song by Somebody New is in the catalogue already.').waitFor()
    })
  })

  it('of the pipeline shows partitions, consumers and the dead letter with its text', async () => {
    await visit('/pipeline', {}, async (page) => {
      await page.getByText('Healthy.').waitFor()
      await page.getByRole('region', { name: 'Partitions', exact: true }).locator('tbody tr').nth(5).waitFor()
      const letters = page.getByRole('region', { name: 'Dead letters' }).first()
      await letters.locator('.figure-pick').first().click()
      await page.getByRole('dialog').locator('pre', { hasText: 'not json' }).waitFor()
    })
  })
})
