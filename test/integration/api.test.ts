import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { ListenEvent } from '../../src/listen/listen.ts'
import type { StoredListen } from '../../src/listen/stored.ts'
import type { Top } from '../../src/questions/top.ts'
import { event, record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

/** Fields of the answers in this test. */
interface Body {
  error: { code: string; message: string; field?: string }
  values: Top['values']
  songs: { title: string; artist: string; genre: string }[]
  genres: string[]
  openapi: string
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
  ready: boolean
  lag: { known: boolean; offsets: number }
  id: string
  listen: ListenEvent
  listens: number
}

const NOON = Date.UTC(2026, 0, 15, 12) / 1000

/** Listens of which every filter matches some and excludes some. */
const EVENTS: ListenEvent[] = Array.from({ length: 60 }, (_, n) => {
  const position = n * 3.5
  return event({
    user_id: `user-${n % 7}`,
    name: `Listener ${n % 7}`,
    title: ['Levels', 'élan', 'Alice', 'baba', "O'Riley; DROP TABLE listens --"][n % 5] ?? '',
    artist: ['Avicii', 'Pogo', 'The Who'][n % 3] ?? '',
    genre: ['EDM', 'Electronica', 'Classic Rock', 'Lo-fi'][n % 4] ?? '',
    platform: ['Spotify', 'Apple Music'][n % 2] ?? '',
    location: n % 3 === 0 ? { city: 'Osaka', country: 'Japan' } : { city: 'Lyon', country: 'France' },
    mood: ['Happy', 'Sad', 'Calm', 'Dark', 'Hype', 'Dreamy'][n % 6] ?? '',
    timestamp: NOON + n * 60 + (n % 2) * 0.25,
    duration_seconds: 210,
    listen_position: position,
    completed: position / 210 >= 0.8,
    is_skipped: position / 210 < 0.8,
    rating: n % 4 === 0 ? null : (n % 11) / 2,
  })
})

describe('the API', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    await sendRecords(workspace.broker.address, EVENTS.map(record))
    await until('all listens', async () => (await playhead.totals()).listens === EVENTS.length)
  })
  after(() => workspace.close())

  const get = async (path: string) => {
    const response = await fetch(playhead.url + path)
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
  }

  const post = async (body: unknown, type = 'application/json') => {
    const response = await fetch(`${playhead.url}/api/listens`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }

  it('returns every field of the event, the percent listened, and the position in Kafka', async () => {
    const [sent] = EVENTS.slice(-1)
    const [listen] = (await playhead.listens('limit=1')).listens
    assert.ok(listen !== undefined && sent !== undefined)
    const { id, percent_listened, stored_at, partition, offset, ...fields } = listen
    assert.deepEqual(fields, { ...sent, album: '', device: '' })
    assert.equal(percent_listened, 98.3)
    assert.match(id, new RegExp(`^[0-9a-f]{8}-${partition}-${offset}$`))
    assert.ok(stored_at > Date.now() / 1000 - 600 && stored_at <= Date.now() / 1000)
  })

  const FILTERS: Record<string, (listen: ListenEvent) => boolean> = {
    'artist=Pogo': ({ artist }) => artist === 'Pogo',
    'artist=Pogo&artist=Avicii': ({ artist }) => artist !== 'The Who',
    'genre=Lo-fi': ({ genre }) => genre === 'Lo-fi',
    'platform=Apple%20Music': ({ platform }) => platform === 'Apple Music',
    'country=Japan': ({ location }) => location.country === 'Japan',
    'mood=Sad&mood=Dark': ({ mood }) => mood === 'Sad' || mood === 'Dark',
    'rating=none': ({ rating }) => rating === null,
    'rating=2.5': ({ rating }) => rating === 2.5,
    'rating=0&rating=none&rating=5': ({ rating }) => rating === null || rating === 0 || rating === 5,
    'skipped=true': ({ is_skipped }) => is_skipped === true,
    'skipped=false': ({ is_skipped }) => is_skipped === false,
    'skipped=false&skipped=true': () => true,
    'completed=true': ({ completed }) => completed === true,
    'user=user-3': ({ user_id }) => user_id === 'user-3',
    'user=Listener%204&user=user-3': ({ user_id }) => user_id === 'user-3' || user_id === 'user-4',
    [`from=${NOON + 600}`]: ({ timestamp }) => timestamp >= NOON + 600,
    'from=2026-01-15T12:10:00Z&to=2026-01-15T12:20:00Z': ({ timestamp }) =>
      timestamp >= NOON + 600 && timestamp < NOON + 1200,
    'genre=EDM&platform=Spotify&skipped=true&country=France': (listen) =>
      listen.genre === 'EDM' &&
      listen.platform === 'Spotify' &&
      listen.is_skipped === true &&
      listen.location.country === 'France',
    "artist=Pogo'%20OR%201=1%20--": () => false,
  }
  for (const [query, passes] of Object.entries(FILTERS))
    it(`filters by ${query}`, async () => {
      const expected = EVENTS.filter(passes)
      const { listens } = await playhead.listens(query)
      assert.deepEqual(
        listens.map(({ timestamp }) => timestamp),
        expected.map(({ timestamp }) => timestamp).reverse(),
      )
      const totals = await playhead.totals(query)
      assert.equal(totals.listens, expected.length)
      assert.equal(totals.listeners, new Set(expected.map(({ user_id }) => user_id)).size)
      assert.equal(totals.skipped, expected.filter(({ is_skipped }) => is_skipped).length)
      assert.equal(totals.completed, expected.filter(({ completed }) => completed).length)
      const seconds = expected.reduce((sum, { listen_position }) => sum + listen_position, 0)
      assert.ok(Math.abs(totals.seconds_listened - seconds) < 1e-6)
    })

  const SORTS: Record<string, (listen: StoredListen) => string | number> = {
    timestamp: ({ timestamp }) => timestamp,
    stored_at: ({ stored_at }) => stored_at,
    name: ({ name }) => name.toLowerCase(),
    title: ({ title }) => title.toLowerCase(),
    artist: ({ artist }) => artist.toLowerCase(),
    genre: ({ genre }) => genre.toLowerCase(),
    platform: ({ platform }) => platform.toLowerCase(),
    city: ({ location }) => location.city.toLowerCase(),
    country: ({ location }) => location.country.toLowerCase(),
    mood: ({ mood }) => mood.toLowerCase(),
    duration_seconds: ({ duration_seconds }) => duration_seconds,
    listen_position: ({ listen_position }) => listen_position,
    percent_listened: ({ percent_listened }) => percent_listened,
    completed: ({ completed }) => Number(completed),
    is_skipped: ({ is_skipped }) => Number(is_skipped),
    rating: ({ rating }) => rating ?? -1,
  }
  for (const [sort, key] of Object.entries(SORTS))
    for (const order of ['asc', 'desc'])
      it(`sorts by ${sort} ${order}, page by page, with every listen once`, async () => {
        const seen: StoredListen[] = []
        for (let cursor: string | null = ''; cursor !== null; ) {
          const page = await playhead.listens(
            `sort=${sort}&order=${order}&limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
          )
          assert.ok(page.listens.length <= 7)
          seen.push(...page.listens)
          cursor = page.next
        }
        assert.equal(new Set(seen.map(({ id }) => id)).size, EVENTS.length)
        for (const [at, listen] of seen.entries()) {
          const before = seen[at - 1]
          if (before === undefined) continue
          const [low, high] = order === 'asc' ? [before, listen] : [listen, before]
          assert.ok(key(low) <= key(high), `${key(low)} stands before ${key(high)}`)
        }
      })

  it('names the invalid parameter', async () => {
    const bad: Record<string, string> = {
      '/api/listens?limit=0': 'limit',
      '/api/listens?limit=1001': 'limit',
      '/api/listens?limit=many': 'limit',
      '/api/listens?sort=password': 'sort',
      '/api/listens?order=up': 'order',
      '/api/listens?cursor=nonsense': 'cursor',
      '/api/listens?rating=6': 'rating',
      '/api/listens?rating=0.3': 'rating',
      '/api/listens?skipped=perhaps': 'skipped',
      '/api/listens?completed=1': 'completed',
      '/api/listens?from=yesterday': 'from',
      '/api/listens?to=never': 'to',
      '/api/listens?colour=red': 'colour',
      '/api/listens?genre=': 'genre',
      '/api/stats/totals?genre=': 'genre',
      '/api/stats/top?by=password': 'by',
      '/api/stats/top': 'by',
      '/api/catalogue?limit=-1': 'limit',
      '/api/live?skipped=perhaps': 'skipped',
      '/api/listens?hour=24': 'hour',
      '/api/stats/ratings?weekday=0': 'weekday',
      '/api/stats/top?by=song&percent_from=101': 'percent_from',
      '/api/listens?hour=2&zone=%2B01:00': 'zone',
      '/api/live?hour=2&zone=Mars': 'zone',
      '/api/stats/drop-off?percent_to=1&percent_to=2': 'percent_to',
    }
    for (const [path, field] of Object.entries(bad)) {
      const { status, body } = await get(path)
      assert.equal(status, 400, path)
      assert.equal(body.error.field, field, path)
      assert.ok(body.error.code.length > 0 && body.error.message.includes(field), path)
    }
  })

  it('knows a zone by any of its names, in any case', async () => {
    const asked = (zone: string) => get(`/api/stats/hours?${new URLSearchParams({ zone })}`)
    for (const zone of [
      'utc',
      'europe/berlin',
      'PST',
      'us/eastern',
      'IST',
      'ZULU',
      'factory',
      'SystemV/EST5',
      'america/COYHAIQUE',
    ])
      assert.equal((await asked(zone)).status, 200, zone)
    assert.deepEqual((await asked('asia/tokyo')).body, (await asked('Japan')).body)
    for (const zone of ['Mars/Phobos', 'UTC+1', 'Europe/Berlin;', '', 'x'.repeat(65)])
      assert.equal((await asked(zone)).status, 400, zone)
  })

  it('takes a day or a time without an offset by the clock of the zone', async () => {
    const rows = async (params: Record<string, string>) =>
      (await get(`/api/stats/totals?${new URLSearchParams(params)}`)).body.listens
    const [from, to] = ['2026-01-15T12:10:00Z', '2026-01-15T12:20:00Z']
    const some = await rows({ from, to })
    assert.ok(some > 0)
    assert.equal(
      await rows({ from: '2026-01-15T21:10', to: '2026-01-15T21:20:00', zone: 'Asia/Tokyo' }),
      some,
    )
    assert.equal(
      await rows({ from: '2026-01-15T07:10', to: '2026-01-15T13:20+01', zone: 'america/new_york' }),
      some,
    )
    assert.equal(await rows({ from: '2026-01-15', to: '2026-01-16' }), await rows({}))
    for (const time of [
      '2026-02-30',
      'foo 1',
      'Monday 3',
      '(x)2026-11-23',
      '2026-01-15 12:10',
      '0000-01-01',
      '1e3',
    ])
      for (const name of ['from', 'to']) {
        const { status, body } = await get(`/api/stats/totals?${new URLSearchParams({ [name]: time })}`)
        assert.equal(status, 400, time)
        assert.equal(body.error.field, name)
      }
  })

  it('answers for any range in the years 1 to 9999, or says that it is too long', async () => {
    const ranges = [
      ['0001-01-01', '0001-03-01'],
      ['1234-05-06', '1234-05-07'],
      ['1969-12-01', '1970-02-01'],
      ['2026-01-15', '2026-01-16'],
      ['2106-01-01', '2106-03-01'],
      ['2299-12-31', '2300-01-02'],
      ['9999-12-01', '9999-12-31'],
      ['1600-01-01', '2010-01-01'],
      ['-1', '5000000000'],
    ] as const
    for (const [at, [from, to]] of ranges.entries()) {
      const zone = ['UTC', 'Africa/Cairo', 'Pacific/Apia'][at % 3] ?? ''
      const range = new URLSearchParams({ from, to, zone })
      const { listens } = (await get(`/api/stats/totals?${range}`)).body
      for (const unit of ['minute', 'hour', 'day', 'month']) {
        const { status, body } = await get(`/api/stats/over-time?${range}&unit=${unit}&by=genre`)
        assert.equal(status, 200, `${zone} ${from} ${unit} ${JSON.stringify(body.error)}`)
        const { buckets } = body as unknown as { buckets: { start: number; end: number; listens: number }[] }
        for (const [place, { end }] of buckets.entries()) assert.equal(buckets[place + 1]?.start ?? end, end)
        const sum = buckets.reduce((total, each) => total + each.listens, 0)
        assert.equal(sum, listens, `${zone} ${from} ${unit}`)
      }
      for (const question of ['hours?', 'now?', 'drop-off?', 'mood-genre?', 'ratings?', 'top?by=artist&'])
        assert.equal((await get(`/api/stats/${question}${range}`)).status, 200, `${question}${range}`)
      const times = new URLSearchParams({ from, to })
      for (const path of ['/api/stats/throughput', '/api/dead-letters', '/api/listens', '/api/export'])
        assert.equal((await fetch(`${playhead.url}${path}?${times}`)).status, 200, `${path}?${times}`)
    }
    const { status, body } = await get('/api/stats/over-time?from=0001-01-01&to=9999-12-31')
    assert.equal(status, 400)
    assert.equal(body.error.code, 'too_many_buckets')
  })

  it('refuses a cursor of another sort', async () => {
    const { next } = await playhead.listens('sort=title&limit=5')
    assert.equal((await get(`/api/listens?sort=artist&cursor=${next}`)).body.error.code, 'bad_cursor')
  })

  it('counts by a field, and finds values by a part of their text', async () => {
    const { body } = await get('/api/stats/top?by=country')
    const counts = (answer: Pick<Body, 'values'>) =>
      answer.values.map(({ value, listens }) => [value, listens])
    assert.deepEqual(counts(body), [
      ['France', 40],
      ['Japan', 20],
    ])
    assert.ok(body.values.every((one) => one.completed <= one.listens))
    const found = await get('/api/stats/top?by=artist&search=WHO')
    assert.deepEqual(counts(found.body), [['The Who', 20]])
    const filtered = await get('/api/stats/top?by=artist&genre=EDM&limit=1')
    assert.deepEqual(counts(filtered.body), [['Avicii', 5]])
  })

  it('hides internal details of errors, and names unknown addresses', async () => {
    const { status, body } = await get('/api/nothing')
    assert.equal(status, 404)
    assert.equal(body.error.code, 'not_found')
  })

  it('describes itself, with every route in it', async () => {
    const { body } = await get('/api/openapi.json')
    assert.ok(body.openapi.startsWith('3.'))
    for (const path of ['/api/listens', '/api/stats/totals', '/api/stats/top', '/api/catalogue', '/api/live'])
      assert.ok(body.paths[path]?.['get']?.responses, path)
    assert.ok(body.paths['/api/listens']?.['post']?.responses['201'])
    const page = await fetch(`${playhead.url}/api/docs/`)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /text\/html/)
    assert.doesNotMatch(page.headers.get('content-security-policy') ?? '', /unsafe|https?:|\*/)
  })

  it('sends security headers with a policy that allows no foreign source', async () => {
    const { headers } = await get('/api/catalogue')
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'self'/)
    assert.doesNotMatch(policy, /unsafe|https?:|\*/)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('x-powered-by'), null)
  })

  it('answers only its own web page, whatever host name was used', async () => {
    const { port } = new URL(playhead.url)
    const statusOf = (method: string, headers: Record<string, string>) => {
      const asked = Promise.withResolvers<number | undefined>()
      request({ port, path: '/api/simulator', method, headers: { 'content-length': '0', ...headers } })
        .on('response', (response) => asked.resolve(response.resume().statusCode))
        .on('error', asked.reject)
        .end()
      return asked.promise
    }
    const host = `localhost:${port}`
    assert.equal(await statusOf('GET', { host }), 200)
    assert.equal(await statusOf('GET', { host: `rebound.example:${port}` }), 403)
    assert.equal(await statusOf('POST', { host, origin: 'https://elsewhere.example' }), 403)
    assert.notEqual(await statusOf('POST', { host, origin: `http://${host}` }), 403)
  })

  it('aborts a request whose body never ends', async () => {
    const { hostname, port } = new URL(playhead.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      'POST /api/listens HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    )
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    await once(socket, 'close')
    assert.match(answer, /^HTTP\/1\.1 408 /)
  })

  it('is alive and ready, and knows its lag', async () => {
    assert.deepEqual((await get('/healthz')).body, { status: 'ok' })
    const { status, body } = await get('/readyz')
    assert.equal(status, 200)
    assert.equal(body.ready, true)
    assert.deepEqual(body.lag, { known: true, offsets: 0 })
  })

  it('offers metrics by the conventions of Prometheus', async () => {
    const response = await fetch(`${playhead.url}/metrics`)
    assert.match(response.headers.get('content-type') ?? '', /text\/plain/)
    const text = await response.text()
    assert.match(text, /^playhead_listens_stored_total 60$/m)
    assert.match(text, /^playhead_consumer_lag_offsets\{partition="5"\} 0$/m)
    for (const [, name = ''] of text.matchAll(/^# TYPE (playhead_\S+) counter$/gm))
      assert.match(name, /_total$/)
  })

  describe('POST /api/listens', () => {
    const { user_id: _user, track_id: _track, timestamp: _time, is_skipped: _skipped, ...form } = event()

    it('accepts a listen when Kafka has it, and stores it under the returned id', async () => {
      const { status, body } = await post({ ...form, name: 'Form Person', rating: 4.5, completed: undefined })
      assert.equal(status, 201)
      const { id, listen } = body
      assert.equal(listen.completed, true)
      assert.equal(listen.is_skipped, false)
      const stored = await until('the listen', async () =>
        (await playhead.listens('user=Form%20Person')).listens.find((one) => one.id === id),
      )
      assert.equal(stored.rating, 4.5)
      assert.equal(stored.title, form.title)
    })

    it('gives the same person the same user_id', async () => {
      const one = (await post({ ...form, name: 'Same' })).body.listen
      const two = (await post({ ...form, name: 'Same', title: 'Other' })).body.listen
      assert.equal(one.user_id, two.user_id)
      assert.notEqual(one.track_id, two.track_id)
    })

    it('adds an unknown song to the catalogue once, with its genre', async () => {
      const song = { title: 'A Song Of Our Own', artist: 'Us', genre: 'Kitchen Jazz' }
      await post({ ...form, ...song })
      await post({ ...form, ...song, title: 'a song of our OWN ' })
      await until('both listens', async () => (await playhead.totals('artist=Us')).listens === 2)
      const { body } = await get('/api/catalogue?search=of%20our%20own')
      assert.deepEqual(body.songs, [song])
      assert.ok(body.genres.includes('Kitchen Jazz'))
    })

    const REFUSED: [string, unknown, number, string, string | undefined][] = [
      ['a missing field', { ...form, title: undefined }, 400, 'missing_field', 'title'],
      ['an empty field', { ...form, artist: '' }, 400, 'empty_field', 'artist'],
      ['a nested field', { ...form, location: { city: 'Osaka' } }, 400, 'missing_field', 'location.country'],
      ['a bad rating', { ...form, rating: 4.2 }, 400, 'out_of_range', 'rating'],
      [
        'a position past the end',
        { ...form, listen_position: 999 },
        400,
        'position_past_duration',
        'listen_position',
      ],
      ['a text for a number', { ...form, duration_seconds: '212' }, 400, 'wrong_type', 'duration_seconds'],
      ['what is no object', [1, 2], 400, 'not_an_object', undefined],
      ['an empty body', '', 400, 'not_json', undefined],
      ['what is not JSON', '{"title"', 400, 'not_json', undefined],
    ]
    for (const [what, body, status, code, field] of REFUSED)
      it(`refuses ${what}`, async () => {
        const answer = await post(body)
        assert.equal(answer.status, status)
        assert.equal(answer.body.error.code, code)
        assert.equal(answer.body.error.field, field)
      })

    it('refuses a body that is too large, or not declared as JSON', async () => {
      assert.equal((await post({ ...form, title: 'x'.repeat(70_000) })).status, 413)
      const untyped = await post(form, 'text/plain')
      assert.equal(untyped.status, 415)
      assert.equal(untyped.body.error.code, 'not_json_type')
    })
  })

  it('continues paging without repeating or missing a row while others arrive', async () => {
    const before = (await playhead.totals()).listens
    const first = await playhead.listens('limit=10')
    // One newer and one older than the end of the page.
    const middle = first.listens.at(-1)?.timestamp ?? 0
    await sendRecords(workspace.broker.address, [
      record({ timestamp: middle + 1, title: 'newer' }),
      record({ timestamp: NOON - 60, title: 'older' }),
    ])
    await until('both', async () => (await playhead.totals()).listens === before + 2)
    const seen = [...first.listens]
    for (let cursor = first.next; cursor !== null; ) {
      const page = await playhead.listens(`limit=10&cursor=${cursor}`)
      seen.push(...page.listens)
      cursor = page.next
    }
    const titles = seen.map(({ title }) => title)
    assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length)
    assert.ok(titles.includes('older') && !titles.includes('newer'))
    assert.equal(seen.length, before + 1)
  })

  it('keeps the catalogue and the listens over a restart', async () => {
    const totals = await playhead.totals()
    const { body: catalogue } = await get('/api/catalogue')
    assert.equal(await playhead.stop(), 0)
    playhead = await workspace.start()
    assert.deepEqual(await playhead.totals(), totals)
    assert.deepEqual((await get('/api/catalogue')).body, catalogue)
  })
})
