/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { ListenEvent } from '../../src/listen/listen.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
/** Noon of 20 October 2026 (UTC): a range of days that has ended, so that nothing moves while it is looked at. */
const NOON = Date.UTC(2026, 9, 20, 12) / 1000
const GENRES = ['Pop', 'Jazz', 'Rock']
const CITIES = [
  { city: 'Osaka', country: 'Japan' },
  { city: 'Lyon', country: 'France' },
  { city: 'Singapore', country: 'Singapore' },
]

/** Over six days, 17 hours apart and so at all hours; twice as many in the last three as in the first. */
const EVENTS: ListenEvent[] = Array.from({ length: 180 }, (_, n) => {
  const day = n < 60 ? n % 3 : 3 + (n % 3)
  const position = (n * 37) % 201
  return event({
    user_id: `user-${n % 7}`,
    name: `Listener ${n % 7}`,
    title: `Song ${n % 5}`,
    artist: `Artist ${n % 5}`,
    genre: GENRES[n % 3] ?? '',
    platform: ['Spotify', 'Apple Music'][n % 2] ?? '',
    mood: ['Happy', 'Sad', 'Calm', 'Dark'][n % 4] ?? '',
    location: CITIES[n % 3] ?? { city: '', country: '' },
    timestamp: NOON - 5 * DAY + day * DAY + ((n * 17) % 24) * HOUR - 12 * HOUR + 60,
    duration_seconds: 200,
    listen_position: position,
    completed: position >= 160,
    is_skipped: position < 160,
    rating: n % 3 === 0 ? null : (n % 11) / 2,
  })
})

const RANGE = 'from=2026-10-18&to=2026-10-20&zone=UTC'
const inRange = EVENTS.filter(({ timestamp }) => timestamp >= NOON - 2 * DAY - 12 * HOUR)
const earlier = EVENTS.filter(({ timestamp }) => timestamp < NOON - 2 * DAY - 12 * HOUR)

const count = (value: number) => new Intl.NumberFormat('en-GB').format(value)
const percent = (share: number) =>
  new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 }).format(share)

/** How many events have each value, the most first. */
function tally(events: readonly ListenEvent[], of: (listen: ListenEvent) => string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const listen of events) sums.set(of(listen), (sums.get(of(listen)) ?? 0) + 1)
  return sums
}

describe('insights', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let browser: Browser
  let page: Page
  let problems: string[]

  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    await sendRecords(workspace.broker.address, EVENTS.map(record))
    await until('all listens', async () => (await playhead.totals()).listens === EVENTS.length)
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await workspace.close()
  })
  beforeEach(async () => {
    ;({ page, problems } = await openPage(browser))
  })
  afterEach(async () => {
    await page.context().close()
    assert.deepEqual(problems, [])
  })

  const open = (query = RANGE) => page.goto(`${playhead.url}/insights?${query}`)
  const headline = async (name: string) =>
    (await page.locator('.headline-figure', { hasText: name }).locator('dd strong').innerText()).trim()
  const plays = (expected: number) =>
    until(`${expected} plays`, async () => (await headline('Play')) === count(expected))

  /** The rows of a chart's table view. */
  async function table(title: string): Promise<string[][]> {
    const frame = page.getByRole('region', { name: title, exact: true }).first()
    await frame.getByRole('button', { name: `${title} as a table` }).click()
    const rows = frame.locator('tbody tr')
    await rows.first().waitFor()
    return await rows.evaluateAll((found) =>
      found.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    )
  }

  it('shows the totals of the range, and how they changed', async () => {
    await open()
    await plays(inRange.length)
    const completed = inRange.filter((listen) => listen.completed).length
    assert.equal(await headline('Completion rate'), percent(completed / inRange.length))
    assert.equal(await headline('Skip rate'), percent(1 - completed / inRange.length))
    assert.equal(await headline('Listeners'), count(new Set(inRange.map(({ user_id }) => user_id)).size))
    const change = page.locator('.headline-figure').first().locator('.headline-change')
    const expected = new Intl.NumberFormat('en-GB', {
      style: 'percent',
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    }).format(inRange.length / earlier.length - 1)
    await until('the change', async () => (await change.innerText()).startsWith(expected))
  })

  it('shows plays over time beside the period before', async () => {
    await open()
    const rows = await table('Plays over time')
    const day = (at: number) => Math.floor(at / DAY)
    const perDay = (events: readonly ListenEvent[]) =>
      [...tally(events, ({ timestamp }) => String(day(timestamp)))].sort().map(([, sum]) => sum)
    await until('the period before', async () => {
      const header = page.getByRole('region', { name: 'Plays over time' }).first().locator('thead th')
      return (await header.count()) === 3
    })
    const shown = await page
      .getByRole('region', { name: 'Plays over time' })
      .first()
      .locator('tbody tr')
      .evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))
    // By the hour, because the range is no longer than three days.
    assert.equal(rows.length, 72)
    const sumsOf = (column: number) =>
      [0, 1, 2].map((at) =>
        shown.slice(at * 24, at * 24 + 24).reduce((sum, row) => sum + Number(row[column]), 0),
      )
    assert.deepEqual(sumsOf(1), perDay(inRange))
    assert.deepEqual(sumsOf(2), perDay(earlier))
  })

  for (const [title, of] of [
    ['Songs', ({ title, artist }: ListenEvent) => `${title}\n${artist}`],
    ['Artists', ({ artist }: ListenEvent) => artist],
    ['Genres', ({ genre }: ListenEvent) => genre],
    ['Platforms', ({ platform }: ListenEvent) => platform],
    ['Countries', ({ location }: ListenEvent) => location.country],
    ['Cities', ({ location }: ListenEvent) => location.city],
    ['Listeners', ({ name }: ListenEvent) => name],
  ] as [string, (listen: ListenEvent) => string][])
    it(`ranks ${title.toLowerCase()} by plays`, async () => {
      await open()
      const rows = await table(title)
      const expected = [...tally(inRange, of)].sort(([, a], [, b]) => b - a)
      assert.deepEqual(
        rows.map((row) => row.at(-1)),
        expected.map(([, sum]) => count(sum)),
      )
      const named = new Map(rows.map((row) => [row.slice(0, -1).join('\n'), row.at(-1)]))
      for (const [name, sum] of expected) assert.equal(named.get(name), count(sum), name)
    })

  it('shows the share that still listens at each percent', async () => {
    await open()
    const rows = await table('Drop-off')
    assert.equal(rows.length, 101)
    for (const [at, [, share]] of rows.entries()) {
      const still = inRange.filter(({ listen_position }) => listen_position / 2 >= at).length
      assert.equal(share, percent(still / inRange.length), `${at} %`)
    }
  })

  it('shows the week by the clock of any zone', async () => {
    for (const [zone, offset] of [
      ['UTC', 0],
      ['Asia/Tokyo', 9],
    ] as const) {
      // Whole days of the zone hold other listens, so the range is given by moments here.
      await open(`from=2026-10-18T00:00Z&to=2026-10-21T00:00Z&zone=${encodeURIComponent(zone)}`)
      const rows = await table('When people listen')
      assert.equal(rows.length, 168)
      const expected = tally(inRange, ({ timestamp }) => {
        const clock = new Date((timestamp + offset * HOUR) * 1000)
        return `${new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }).format(clock)} ${String(clock.getUTCHours()).padStart(2, '0')}:00`
      })
      for (const [weekday = '', hour = '', sum] of rows)
        assert.equal(sum, count(expected.get(`${weekday} ${hour}`) ?? 0), `${zone} ${weekday} ${hour}`)
    }
  })

  it('shows moods by genre, and ratings', async () => {
    await open()
    const moods = tally(inRange, ({ mood, genre }) => `${mood} ${genre}`)
    const rows = await table('Mood and genre')
    assert.equal(rows.length, moods.size)
    for (const [mood, genre, sum] of rows) assert.equal(sum, count(moods.get(`${mood} ${genre}`) ?? 0))
    const stars = tally(inRange, ({ rating }) => String(rating))
    for (const [rating, sum] of await table('Ratings'))
      assert.equal(sum, count(stars.get(String(rating)) ?? 0), rating)
  })

  it('filters by a click on a mark, and keeps the filter in the address', async () => {
    await open()
    await page.getByRole('list', { name: 'Genres' }).getByRole('button', { name: 'Jazz' }).click()
    await plays(inRange.filter(({ genre }) => genre === 'Jazz').length)
    assert.ok(page.url().includes('genre=Jazz'), page.url())
    await page.getByRole('list', { name: 'Listeners' }).getByRole('button', { name: 'Listener 3' }).click()
    const both = inRange.filter(({ genre, name }) => genre === 'Jazz' && name === 'Listener 3').length
    await page.getByRole('button', { name: 'Clear Listener: Listener 3' }).waitFor()
    await plays(both)
    await page.reload()
    await plays(both)
    await page.goBack()
    await plays(inRange.filter(({ genre }) => genre === 'Jazz').length)
  })

  /** Clicks into the drawing of a chart, at shares of its width and height. */
  async function clickMark(title: string, across: number, down: number): Promise<void> {
    const canvas = page.getByRole('region', { name: title, exact: true }).first().locator('.chart-canvas')
    await canvas.scrollIntoViewIfNeeded()
    const box = await canvas.boundingBox()
    assert.ok(box)
    await canvas.click({ position: { x: across * box.width, y: down * box.height } })
  }
  const asked = () => new URL(page.url()).searchParams
  const utc = ({ timestamp }: ListenEvent) => new Date(timestamp * 1000)
  const atHour = (weekday: number, hour: number) =>
    inRange.filter(
      (listen) => (utc(listen).getUTCDay() || 7) === weekday && utc(listen).getUTCHours() === hour,
    )

  it('filters by a click on an hour of the week, and keeps the filter in the address', async () => {
    await open()
    await plays(inRange.length)
    const chosen = () => atHour(Number(asked().get('weekday')), Number(asked().get('hour')))
    // Monday is the first row; nothing was played in most of its hours, and a click on those does nothing.
    const pickHour = async () => {
      for (let across = 0.1; !asked().has('hour'); across += 0.035)
        await clickMark('When people listen', across, 0.07)
    }
    await pickHour()
    assert.deepEqual(asked().getAll('weekday'), ['1'])
    assert.ok(chosen().length > 0)
    await plays(chosen().length)
    await page.reload()
    await plays(chosen().length)
    await page.getByRole('button', { name: /^Clear Weekday/ }).click()
    const hour = Number(asked().get('hour'))
    await plays(inRange.filter((listen) => utc(listen).getUTCHours() === hour).length)
    await page.getByRole('button', { name: /^Clear Hour/ }).click()
    await plays(inRange.length)
  })

  it('filters by an hour of the week in another zone, by keyboard alone', async () => {
    await open(`from=2026-10-18T00:00Z&to=2026-10-21T00:00Z&zone=Asia%2FKolkata`)
    const rows = await table('When people listen')
    const at = rows.findIndex(([, , sum]) => Number(sum) > 0)
    const row = page.getByRole('region', { name: 'When people listen' }).first().locator('tbody tr').nth(at)
    await row.getByRole('button').press('Enter')
    await plays(Number(rows[at]?.[2]))
    assert.deepEqual(
      [asked().get('weekday'), asked().get('hour')],
      [String(Math.floor(at / 24) + 1), String(at % 24)],
    )
    await row.getByRole('button').press('Enter')
    await plays(inRange.length)
  })

  it('filters by a click on the drop-off curve, and by its table', async () => {
    await open()
    await plays(inRange.length)
    for (let across = 0.5; !asked().has('percent_from'); across += 0.01)
      await clickMark('Drop-off', across, 0.8)
    const percent = Number(asked().get('percent_from'))
    const leftAt = (from: number) =>
      inRange.filter(({ listen_position }) => listen_position / 2 >= from && listen_position / 2 < from + 1)
        .length
    assert.ok(percent > 40 && percent < 60, String(percent))
    await plays(leftAt(percent))
    await page.getByRole('button', { name: /^Clear Left between/ }).click()
    await plays(inRange.length)
    await table('Drop-off')
    const last = page.getByRole('region', { name: 'Drop-off' }).first().locator('.figure-pick').last()
    const furthest = Number.parseInt(await last.innerText(), 10)
    await last.press('Enter')
    await plays(leftAt(furthest))
    assert.equal(asked().get('percent_from'), String(furthest))
  })

  it('filters by a mood with a genre, also where one of them is chosen already', async () => {
    await open(`${RANGE}&mood=Sad`)
    const [mood = '', genre = '', sum] = (await table('Mood and genre'))[0] ?? []
    await page.getByRole('region', { name: 'Mood and genre' }).first().locator('.figure-pick').first().click()
    await plays(Number(sum))
    assert.deepEqual([asked().getAll('mood'), asked().getAll('genre')], [[mood], [genre]])
  })

  it('filters by a country, a rating and a part of what is stacked', async () => {
    await open(`${RANGE}&stack=platform`)
    const region = (name: string) => page.getByRole('region', { name, exact: true }).first()
    await region('Plays over time').locator('.legend-item', { hasText: 'Spotify' }).click()
    const spotify = inRange.filter(({ platform }) => platform === 'Spotify')
    await plays(spotify.length)
    await table('Around the world')
    await region('Around the world').getByRole('button', { name: 'France' }).click()
    const france = spotify.filter(({ location }) => location.country === 'France')
    await plays(france.length)
    await clickMark('Ratings', 0.5, 0.1)
    await until('the rating', () => asked().has('rating'))
    await plays(france.filter(({ rating }) => rating === Number(asked().get('rating'))).length)
  })

  it('leads from the lines of the rates, from a part of a bar, and from every chart, to the listens', async () => {
    const matching = async () =>
      Number(/^[\d,]+/.exec(await page.getByLabel('Totals').innerText())?.[0].replaceAll(',', ''))
    const within = (platform?: string) => {
      const [from, to] = [Date.parse(asked().get('from') ?? ''), Date.parse(asked().get('to') ?? '')]
      return inRange.filter(
        (listen) =>
          listen.timestamp * 1000 >= from &&
          listen.timestamp * 1000 < to &&
          (platform === undefined || listen.platform === platform),
      ).length
    }
    const onLive = () => until('the live page', () => new URL(page.url()).pathname === '/')

    await open()
    await plays(inRange.length)
    await clickMark('Completion and skips', 0.5, 0.3)
    await onLive()
    await until('its listens', async () => (await matching()) === within())

    // Two days of Spotify alone would fill a bar; the lowest part of a stacked one is the platform with most.
    await open('from=2026-10-12&to=2026-10-20&zone=UTC&stack=platform')
    await page
      .getByRole('region', { name: 'Plays over time' })
      .first()
      .locator('.legend-item')
      .nth(1)
      .waitFor()
    await clickMark('Plays over time', 0.95, 0.84)
    await onLive()
    const platform = asked().get('platform')
    assert.ok(platform)
    await until('its listens', async () => (await matching()) === within(platform))

    await open(`${RANGE}&genre=Jazz`)
    await page.getByRole('button', { name: 'More for ratings' }).click()
    await page.getByRole('menuitem', { name: 'Show the listens' }).click()
    await onLive()
    const jazz = inRange.filter(({ genre }) => genre === 'Jazz').length
    await until('its listens', async () => (await matching()) === jazz)
  })

  it('lists the latest plays of what is chosen', async () => {
    await open()
    await page.getByRole('list', { name: 'Genres' }).getByRole('button', { name: 'Jazz' }).click()
    const within = 'from=2026-10-18T00:00Z&to=2026-10-21T00:00Z'
    const newest = (await playhead.listens(`genre=Jazz&${within}&limit=5`)).listens
    await until('the latest of them', async () => {
      const rows = page.getByRole('region', { name: 'Latest plays' }).locator('tbody tr')
      const names = await rows.locator('td:nth-child(3)').allInnerTexts()
      return names.slice(0, 5).join() === newest.map(({ name }) => name).join()
    })
  })

  it('counts listening time instead of plays', async () => {
    await open()
    await page.getByText('Listening time', { exact: true }).first().click()
    await until('in the address', () => page.url().includes('measure=time'))
    const seconds = inRange
      .filter(({ genre }) => genre === 'Pop')
      .reduce((sum, { listen_position }) => sum + listen_position, 0)
    const hours = new Intl.NumberFormat('en-GB', {
      style: 'unit',
      unit: 'hour',
      maximumFractionDigits: 1,
    }).format(seconds / HOUR)
    const rows = await table('Genres')
    assert.equal(new Map(rows.map(([name, amount]) => [name, amount])).get('Pop'), hours)
  })

  it('links from a bar to its listens', async () => {
    await open()
    await table('Plays over time')
    const frame = page.getByRole('region', { name: 'Plays over time' }).first()
    const busy = frame.locator('tbody tr', { has: page.locator('td:text-matches("^[1-9]")') }).first()
    const expected = (await busy.locator('td').first().innerText()).trim()
    await busy.getByRole('button').click()
    await until('the live page', () => new URL(page.url()).pathname === '/')
    await until('its listens', async () =>
      (await page.getByLabel('Totals').innerText()).replace(/\s+/g, ' ').startsWith(`${expected} listen`),
    )
  })

  it('updates when listens arrive', async () => {
    await open('range=today')
    await page.locator('.headline').waitFor()
    await sendRecords(workspace.broker.address, [record({ timestamp: Math.floor(Date.now() / 1000) })])
    await plays(1)
  })

  it('shows that it is disconnected when the server is gone, keeps its data, and reconnects', async () => {
    await open()
    await plays(inRange.length)
    // All of it, because the charts are loaded after the figures, and a page without them can only be loaded again.
    await page.waitForLoadState('networkidle')
    await playhead.stop()
    await page
      .getByRole('status', { name: 'Live feed' })
      .getByText(/Reconnecting|Disconnected/)
      // The page asks the more seldom the longer its answers took, and the first ones of a new store take long.
      .waitFor()
    assert.equal(await headline('Plays'), count(inRange.length))
    playhead = await workspace.start({ PORT: new URL(playhead.url).port })
    await page.getByRole('status', { name: 'Live feed' }).getByText('Live', { exact: true }).waitFor()
  })
})
