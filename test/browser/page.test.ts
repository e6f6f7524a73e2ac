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

const MOODS = ['Happy', 'Sad', 'Calm', 'Dark', 'Hype', 'Dreamy']

/** Two hundred listens whose titles are numbered, the newest last. */
const EVENTS: ListenEvent[] = Array.from({ length: 200 }, (_, n) =>
  event({
    user_id: `user-${n % 9}`,
    name: `Listener ${n % 9}`,
    title: `Track ${String(n).padStart(3, '0')}`,
    artist: ['Avicii', 'Pogo', 'The Who'][n % 3] ?? '',
    genre: ['EDM', 'Electronica', 'Classic Rock', 'Lo-fi'][n % 4] ?? '',
    platform: ['Spotify', 'Apple Music'][n % 2] ?? '',
    location: n % 5 === 0 ? { city: 'Osaka', country: 'Japan' } : { city: 'Lyon', country: 'France' },
    mood: MOODS[n % MOODS.length] ?? '',
    timestamp: Math.floor(Date.now() / 1000) - 86_400 + n * 60,
    duration_seconds: 200,
    listen_position: n,
    completed: n >= 160,
    is_skipped: n < 160,
    rating: n % 4 === 0 ? null : (n % 11) / 2,
  }),
)

describe('the page', () => {
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

  async function open(query = ''): Promise<void> {
    await page.goto(`${playhead.url}/${query}`)
    await page.getByRole('status', { name: 'Live feed' }).getByText('Live', { exact: true }).waitFor()
  }

  /** The titles in sight, from the top. */
  const titles = () => page.locator('[data-row-id] td:nth-child(3)').allInnerTexts()
  const first = async () => (await titles())[0]
  const matching = async () => {
    const text = (await page.getByLabel('Totals').innerText()).replace(/\s+/g, ' ')
    return Number(/([\d,]+) listens?/.exec(text)?.[1]?.replace(',', ''))
  }
  const shows = (count: number) => until(`${count} listens match`, async () => (await matching()) === count)

  async function choose(filter: string, ...values: string[]): Promise<void> {
    await page.getByRole('combobox', { name: filter, exact: true }).click()
    for (const value of values) await page.getByRole('option', { name: value, exact: true }).click()
    await page.keyboard.press('Escape')
  }

  it('shows every field of a listen', async () => {
    await open()
    const row = page.locator('[data-row-id]').first()
    await row.waitFor()
    const text = await row.innerText()
    for (const shown of ['Listener 1', 'Track 199', 'Pogo', 'Lo-fi', 'Apple Music', 'Lyon', 'France', 'Sad'])
      assert.ok(text.includes(shown), `${shown} in ${text}`)
    for (const shown of ['3:20', '3:19', 'Yes', 'No']) assert.ok(text.includes(shown), `${shown} in ${text}`)
    assert.equal(await row.getByRole('progressbar').getAttribute('value'), '99.5')
    assert.equal(await row.getByLabel('0.5 of 5').count(), 1)
    await shows(200)
  })

  it('adds new rows at the top and marks them', async () => {
    await open()
    await until('the newest', async () => (await first()) === 'Track 199')
    await sendRecords(workspace.broker.address, [record({ title: 'Just played', artist: 'Live Act' })])
    await until('it has arrived', async () => (await first()) === 'Just played')
    assert.equal(await page.locator('[data-row-id]').first().getAttribute('data-fresh'), 'true')
    await shows(201)
  })

  it('holds new rows while it is paused, and catches up', async () => {
    await open()
    const before = await until('rows', first)
    await page.getByRole('button', { name: /^Pause/ }).click()
    await sendRecords(workspace.broker.address, [record({ title: 'While paused', artist: 'Live Act' })])
    await page.getByRole('button', { name: /1 new/ }).waitFor()
    assert.equal(await first(), before)
    await page.getByRole('button', { name: /1 new/ }).click()
    await until('it has arrived', async () => (await first()) === 'While paused')
  })

  it('moves nothing while the user reads further down', async () => {
    await open()
    const top = await until('rows', first)
    const table = page.getByRole('region', { name: 'Listens' })
    await table.evaluate((element) => element.scrollTo({ top: 2_000 }))
    await until('other rows', async () => (await first()) !== top)
    const held = page.locator('[data-row-id]').nth(12)
    const id = await held.getAttribute('data-row-id')
    const row = page.locator(`[data-row-id="${id}"]`)
    const placeBefore = await row.boundingBox()
    await sendRecords(workspace.broker.address, [record({ title: 'Above the view', artist: 'Live Act' })])
    await page.getByRole('button', { name: /1 new/ }).waitFor()
    assert.deepEqual(await row.boundingBox(), placeBefore)
    await page.getByRole('button', { name: /1 new/ }).click()
    await until('it is in sight', async () => (await first()) === 'Above the view')
  })

  it('reaches the last listen by scrolling, and draws only visible rows', async () => {
    await open('?order=asc&artist=Avicii')
    await until('the oldest', async () => (await first()) === 'Track 000')
    const table = page.getByRole('region', { name: 'Listens' })
    await until('the end', async () => {
      await table.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
      return (await titles()).includes('Track 198')
    })
    assert.ok((await titles()).length < 60)
  })

  const expected = (passes: (listen: ListenEvent) => boolean) => EVENTS.filter(passes).length

  for (const [filter, value, query, passes] of [
    ['Genre', 'Lo-fi', 'genre=Lo-fi', ({ genre }) => genre === 'Lo-fi'],
    ['Platform', 'Apple Music', 'platform=Apple+Music', ({ platform }) => platform === 'Apple Music'],
    ['Mood', 'Dreamy', 'mood=Dreamy', ({ mood }) => mood === 'Dreamy'],
    ['Rating', 'No rating', 'rating=none', ({ rating }) => rating === null],
  ] as [string, string, string, (listen: ListenEvent) => boolean][])
    it(`filters by ${filter}, keeps it in the address and through a reload`, async () => {
      await open('?artist=Avicii&artist=Pogo&artist=The+Who')
      await choose(filter, value)
      await shows(expected(passes))
      assert.ok(page.url().includes(query), page.url())
      await page.reload()
      await shows(expected(passes))
      await page.getByRole('button', { name: `Clear ${filter.toLowerCase()}` }).click()
      await shows(200)
      assert.ok(!page.url().includes(query), page.url())
    })

  for (const [filter, value, passes] of [
    ['Skipped', 'Not skipped', ({ is_skipped }) => is_skipped === false],
    ['Completed', 'Completed', ({ completed }) => completed === true],
  ] as [string, string, (listen: ListenEvent) => boolean][])
    it(`filters by ${filter}`, async () => {
      await open('?artist=Avicii&artist=Pogo&artist=The+Who')
      await page.getByRole('combobox', { name: filter }).selectOption(value)
      await shows(expected(passes))
      await page.reload()
      await shows(expected(passes))
    })

  for (const [filter, typed, value, passes] of [
    ['Artist', 'who', 'The Who', ({ artist }) => artist === 'The Who'],
    ['Country', 'jap', 'Japan', ({ location }) => location.country === 'Japan'],
  ] as [string, string, string, (listen: ListenEvent) => boolean][])
    it(`filters by ${filter} while it is typed, with the keyboard alone`, async () => {
      await open('?genre=EDM&genre=Electronica&genre=Classic+Rock&genre=Lo-fi')
      await page.getByRole('combobox', { name: filter }).focus()
      await page.keyboard.type(typed)
      await page.getByRole('option', { name: value }).waitFor()
      const offered = page.getByRole('listbox').getByRole('option')
      await until('only what was typed', async () => (await offered.count()) === 1)
      await page.keyboard.press('Enter')
      await shows(expected(passes))
      assert.ok(page.url().includes(`${filter.toLowerCase()}=${value.replace(' ', '+')}`), page.url())
    })

  it('filters by the device and the album under "More", with chips that drop them', async () => {
    const played = { device: 'Navidrome', album: 'Known Album', artist: 'Live Act' }
    await sendRecords(workspace.broker.address, [record({ ...played, title: 'With a device' })])
    await open()
    for (const [filter, value] of [
      ['Device', 'Navidrome'],
      ['Album', 'Known Album'],
    ] as const) {
      await page.getByRole('button', { name: /^More/ }).click()
      await page.getByRole('dialog', { name: 'More filters' }).waitFor()
      await choose(filter, value)
      await shows(1)
      await page.keyboard.press('Escape')
      await page.getByRole('dialog', { name: 'More filters' }).waitFor({ state: 'hidden' })
    }
    assert.ok(page.url().endsWith('?album=Known+Album&device=Navidrome'), page.url())
    const chips = page.getByRole('list', { name: 'Also chosen' })
    await chips.getByRole('button', { name: 'Clear Device: Navidrome' }).click()
    await chips.getByRole('button', { name: 'Clear Album: Known Album' }).click()
    await until('all again', async () => (await matching()) >= 200)
  })

  it('combines filters, reports when nothing matches, and clears them all', async () => {
    await open('?genre=EDM&platform=Apple+Music')
    await page.getByText(/^No listens? match/).waitFor()
    await page.getByRole('button', { name: 'Clear all' }).first().click()
    await until('listens again', async () => (await matching()) > 200)
    assert.equal(new URL(page.url()).search, '')
  })

  it('filters by a listener and by times, which chips name and drop, and what arrives live too', async () => {
    const at = (n: number) => new Date(((EVENTS[n]?.timestamp ?? 0) - 1) * 1000).toISOString()
    const times = `from=${encodeURIComponent(at(50))}&to=${encodeURIComponent(at(150))}`
    await open(`?user=Listener+4&${times}`)
    const passes = ({ name }: ListenEvent, n: number) => name === 'Listener 4' && n >= 50 && n < 150
    await shows(EVENTS.filter(passes).length)
    await until('only those', async () => (await titles()).length === EVENTS.filter(passes).length)
    const between = {
      user_id: 'user-4',
      name: 'Listener 4',
      timestamp: EVENTS[149]?.timestamp ?? 0,
      artist: 'Live Act',
    }
    await sendRecords(workspace.broker.address, [
      record({ ...between, title: 'Somebody else', user_id: 'user-5', name: 'Listener 5' }),
      record({ ...between, title: 'Too late', timestamp: EVENTS[150]?.timestamp ?? 0 }),
      record({ ...between, title: 'In between' }),
    ])
    await until('it has arrived', async () => (await first()) === 'In between')
    assert.equal((await titles()).length, EVENTS.filter(passes).length + 1)
    const chips = page.getByRole('list', { name: 'Also chosen' })
    await chips.getByRole('button', { name: 'Clear Listener: Listener 4' }).click()
    await until('all listeners', async () => (await matching()) >= 100)
    await chips.getByRole('button').click()
    await until('all times', async () => (await matching()) >= 200)
    assert.equal(new URL(page.url()).search, '')
    await page.getByRole('button', { name: 'Range: All time' }).click()
    await page.getByRole('button', { name: 'Last 7 days' }).click()
    await until('in the address', () => page.url().endsWith('?range=7d'))
    await chips.getByText('Last 7 days').waitFor()
  })

  it('filters what arrives live as well', async () => {
    await open('?genre=Only+This')
    await page.getByText(/^No listens? match/).waitFor()
    await sendRecords(workspace.broker.address, [
      record({ title: 'Not this', genre: 'Other', artist: 'Live Act' }),
      record({ title: 'This', genre: 'Only This', artist: 'Live Act' }),
    ])
    await until('it has arrived', async () => (await first()) === 'This')
    assert.deepEqual(await titles(), ['This'])
  })

  it('sorts by any column, both ways, and keeps it in the address', async () => {
    await open('?artist=Avicii&artist=Pogo&artist=The+Who')
    await until('rows', first)
    await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click()
    await until('A to Z', async () => (await first()) === 'Track 000')
    assert.equal(
      await page.getByRole('columnheader', { name: 'Title' }).getAttribute('aria-sort'),
      'ascending',
    )
    await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click()
    await until('Z to A', async () => (await first()) === 'Track 199')
    await page.reload()
    await until('still Z to A', async () => (await first()) === 'Track 199')
    const headers = page.getByRole('columnheader')
    const count = await headers.count()
    assert.equal(count, 15)
    for (let at = 0; at < count; at++) {
      const header = headers.nth(at)
      await header.getByRole('button').click()
      await until('sorted', async () => (await header.getAttribute('aria-sort')) !== 'none')
      await until('rows', first)
    }
  })

  it('goes back and forward through the chosen filters', async () => {
    await open()
    await choose('Genre', 'Lo-fi')
    await shows(50)
    await page.goBack()
    await until('all again', async () => (await matching()) > 200)
    await page.goForward()
    await shows(50)
  })

  describe('the form', () => {
    // By its label, beside which it may say that it is optional.
    const field = (label: string) =>
      form().getByRole(/^(Title|Artist|Genre|City|Country)$/.test(label) ? 'combobox' : 'textbox', {
        name: new RegExp(`^${label}`),
      })
    const fill = async (fields: Record<string, string>) => {
      for (const [label, value] of Object.entries(fields)) await field(label).fill(value)
    }
    const form = () => page.getByRole('dialog', { name: 'Add a stream event' })

    async function openForm(): Promise<void> {
      await open()
      await page.getByRole('button', { name: 'Add a stream event' }).click()
      await form().waitFor()
    }

    const VALID = {
      'User name': 'Form Person',
      'E-mail': 'form@example.org',
      Title: 'A Form Song',
      Artist: 'Form Artist',
      Genre: 'Form Genre',
      Duration: '3:20',
      'Listen position': '170',
      City: 'Oslo',
      Country: 'Norway',
    }

    async function fillValid(): Promise<void> {
      await fill(VALID)
      await form().getByLabel('Platform').selectOption('Spotify')
      await form().getByLabel('Mood').selectOption('Calm')
    }

    it('adds a listen, shows it in the table, and keeps the selections for the next', async () => {
      await openForm()
      await fillValid()
      await form().getByRole('button', { name: 'Add event' }).click()
      await form()
        .getByRole('status')
        .filter({ hasText: /Added .A Form Song./ })
        .waitFor()
      await until('the row', async () => (await titles()).includes('A Form Song'))
      assert.equal(await page.locator('[data-own]').count(), 1)
      assert.equal(await field('User name').inputValue(), 'Form Person')
      assert.equal(await form().getByLabel('Platform').inputValue(), 'Spotify')
      const [stored] = (await playhead.listens('user=Form%20Person')).listens
      assert.equal(stored?.listen_position, 170)
      assert.equal(stored?.completed, true)
      assert.equal(stored?.location.city, 'Oslo')
      // The song and its genre are offered from now on.
      await form()
        .getByRole('button', { name: /^Close/ })
        .click()
      await page.reload()
      await page.getByRole('button', { name: 'Add a stream event' }).click()
      await field('Title').pressSequentially('a form')
      await page.getByRole('option', { name: /A Form Song/ }).click()
      assert.equal(await field('Genre').inputValue(), 'Form Genre')
      assert.equal(await field('Artist').inputValue(), 'Form Artist')
    })

    for (const [label, value] of [
      ['User name', ''],
      ['E-mail', 'not an address'],
      ['Title', ''],
      ['Artist', ''],
      ['Genre', ''],
      ['City', ''],
      ['Country', ''],
      ['Duration', 'long'],
      ['Duration', '0'],
      ['Listen position', '4:00'],
      ['Listen position', '-1'],
      ['Title', 'x'.repeat(501)],
    ] as const)
      it(`says at ${label} what is wrong with ${value === '' ? 'nothing' : value.slice(0, 15)}, and sends nothing`, async () => {
        await openForm()
        await fillValid()
        const input = field(label)
        const before = (await playhead.totals()).listens
        // As a paste would, past what the field itself holds back.
        await input.evaluate((element) => element.removeAttribute('maxlength'))
        await input.fill(value)
        await form().getByRole('button', { name: 'Add event' }).click()
        await until('the field is marked', async () => (await input.getAttribute('aria-invalid')) === 'true')
        const note = await input.getAttribute('aria-describedby')
        const message = await page.locator(`#${note?.split(' ')[0]}`).innerText()
        assert.ok(message.length > 5, message)
        assert.equal((await playhead.totals()).listens, before)
        await fillValid()
        await until('the mark is gone', async () => (await input.getAttribute('aria-invalid')) !== 'true')
      })

    it('asks for the selections that are missing', async () => {
      await openForm()
      await fill(VALID)
      await form().getByRole('button', { name: 'Add event' }).click()
      for (const label of ['Platform', 'Mood'])
        assert.equal(await form().getByLabel(label).getAttribute('aria-invalid'), 'true')
    })

    it('closes by Escape and gives the focus back', async () => {
      await openForm()
      await page.keyboard.press('Escape')
      await form().waitFor({ state: 'hidden' })
      const focused = await page.evaluate(() => document.activeElement?.textContent ?? '')
      assert.match(focused, /Add a stream event/)
    })
  })

  it('is dark where the system is, and by choice', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await open()
    const theme = () => page.evaluate(() => document.documentElement.getAttribute('data-bs-theme'))
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    assert.equal(await theme(), 'dark')
    const dark = await background()
    await page.emulateMedia({ colorScheme: 'light' })
    await until('it follows', async () => (await theme()) === 'light')
    assert.notEqual(await background(), dark)
    await until('dark by choice', async () => {
      await page.getByRole('button', { name: /theme/i }).click()
      return (await theme()) === 'dark'
    })
    await page.reload()
    assert.equal(await theme(), 'dark')
  })

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    await page.locator('[data-row-id]').first().waitFor()
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    assert.ok(scroll <= client, `${scroll} is wider than ${client}`)
    await page.getByRole('button', { name: /^Filters/ }).click()
    await page.getByRole('dialog').getByRole('combobox', { name: 'Genre', exact: true }).waitFor()
  })

  it('shows that it is disconnected when the server is gone, then shows the missed listens', async () => {
    await open()
    await until('rows', first)
    await playhead.stop()
    await page
      .getByText(/Reconnecting|Disconnected/)
      .first()
      .waitFor()
    await sendRecords(workspace.broker.address, [record({ title: 'While away', artist: 'Live Act' })])
    const { port } = new URL(playhead.url)
    playhead = await workspace.start({ PORT: port })
    await page.getByRole('status', { name: 'Live feed' }).getByText('Live', { exact: true }).waitFor()
    await until('what was missed', async () => (await titles()).includes('While away'))
  })
})
