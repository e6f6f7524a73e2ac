import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import type { ApiError } from '../../src/api/error.ts'
import { record } from '../support/event.ts'
import { sendRecords } from '../support/kafka.ts'
import type { RunningPlayhead } from '../support/playhead.ts'
import { until } from '../support/until.ts'
import { openWorkspace, type Workspace } from '../support/workspace.ts'

interface Parameter {
  name: string
  in: string
  schema: { enum?: string[]; items?: { enum?: string[] } }
}

const TOPIC = '01234567-89ab-4def-8123-456789abcdef'
const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

const AT_ONCE = 6
const SHARE = 8

/** Values that a parser takes for something else, or that are beyond what the store can hold. */
const ODD = [
  ...[
    '',
    ' ',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e3',
    '1e400',
    '-1e400',
    'Infinity',
    '-Infinity',
    'NaN',
    '0x10',
    'null',
  ],
  ...[
    'true',
    '\0',
    '\ufeff',
    '\ud83c',
    '💿',
    "' OR 1=1 --",
    '{x:String}',
    '%',
    '[]',
    '{}',
    '__proto__',
    'toString',
  ],
  ...[
    '9007199254740993',
    '4294967296',
    '-2208988800',
    '-62135596800',
    '253402300799',
    '253402300800',
    '1e21',
  ],
  ...['1900-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '2106-02-07T06:28:16Z', '9999-12-31T23:59:59Z'],
  ...['0001-01-01', '2026-02-30', '+275760-09-13T00:00:00.000Z', '2026-13-01', '2026-01-01T25:00:00Z', 'now'],
  ...[forged('timestamp', 'desc', 'x', 0, TOPIC, 0, 0), forged('timestamp', 'desc', 1e18, -1, TOPIC, 0, 0)],
  ...[
    forged('timestamp', 'desc', 1, 1, TOPIC, 2 ** 40, 2 ** 60),
    forged(),
    `999999999999999.${TOPIC}.999999999.1`,
  ],
  ...[`${TOPIC}.4294967296.1`, `${TOPIC}.0.999999999999999`, '../../etc/passwd', 'x'.repeat(5_000)],
]

describe('crafted requests', () => {
  let workspace: Workspace
  let playhead: RunningPlayhead
  let paths: Record<string, Record<string, { parameters?: Parameter[] }>>
  before(async () => {
    workspace = await openWorkspace()
    playhead = await workspace.start()
    await sendRecords(workspace.broker.address, [record(), record({ title: 'Another' })])
    await until('both are stored', async () => (await playhead.totals()).listens === 2)
    const document = await fetch(`${playhead.url}/api/openapi.json`)
    paths = ((await document.json()) as { paths: typeof paths }).paths
  })
  after(() => workspace.close())

  /** An answer without its stream; errors must have the documented shape. */
  async function answerOf(path: string, method = 'GET') {
    const stop = new AbortController()
    const answer = await fetch(playhead.url + path, { method, signal: stop.signal })
    const { status, headers } = answer
    const isStream = headers.get('content-type')?.startsWith('text/event-stream')
    const text = isStream ? '' : await answer.text()
    stop.abort()
    const what = `${method} ${path.slice(0, 200)}: ${status} ${text.slice(0, 200)}`
    assert.ok(status < 500, what)
    if (status >= 400 && method !== 'HEAD') {
      const { error } = JSON.parse(text) as ApiError
      assert.match(error.code, /^[a-z_]+$/, what)
      assert.ok(error.message.length > 0 && !error.message.includes('\n'), what)
    }
    return { status, headers, text }
  }

  it('are never answered with 500', async () => {
    const requests: string[] = []
    const seen = new Set<string>()
    let turn = 0
    for (const [path, { get }] of Object.entries(paths))
      for (const { name, in: place, schema } of get?.parameters ?? []) {
        if (place === 'header') continue
        // Most routes share the filters, so all values are tried on the first route and some on each other one.
        const odd = ODD.filter((_, index) => !seen.has(name) || index % SHARE === turn % SHARE)
        seen.add(name)
        turn += 1
        for (const value of [...odd, ...(schema.enum ?? schema.items?.enum ?? [])]) {
          const encoded = encodeURIComponent(value.toWellFormed())
          const required = path.endsWith('/top') && name !== 'by' ? '&by=song' : ''
          requests.push(
            place === 'path' ? path.replace(`{${name}}`, encoded) : `${path}?${name}=${encoded}${required}`,
          )
        }
      }
    assert.ok(requests.length > 1_000, String(requests.length))
    for (let from = 0; from < requests.length; from += AT_ONCE)
      await Promise.all(requests.slice(from, from + AT_ONCE).map((path) => answerOf(path)))
  })

  it('with infinite numbers are refused', async () => {
    for (const [path, field] of [
      ['/api/listens?percent_from=Infinity', 'percent_from'],
      ['/api/stats/totals?percent_to=-1e999', 'percent_to'],
      ['/api/listens?limit=1e400', 'limit'],
      ['/api/listens?hour=5&hour=Infinity', 'hour'],
      ['/api/dead-letters?partition=Infinity', 'partition'],
    ] as const) {
      const { status, text } = await answerOf(path)
      assert.deepEqual([status, (JSON.parse(text) as ApiError).error.field], [400, field], path)
    }
  })

  it('of two odd times are never answered with 500', async () => {
    const times = [
      '-2208988800',
      '-1',
      '0',
      '4294967295',
      '4294967296',
      '253402300799',
      '0001-01-01',
      '9999-12-31',
    ]
    for (const question of ['totals', 'over-time?unit=month', 'over-time?unit=day', 'hours', 'top?by=song'])
      for (const from of times)
        for (const to of times)
          await answerOf(`/api/stats/${question}${question.includes('?') ? '&' : '?'}from=${from}&to=${to}`)
  })

  it('with a method that an address does not have are refused with those that it has', async () => {
    for (const [path, methods] of Object.entries(paths)) {
      const has = Object.keys(methods).map((method) => method.toUpperCase())
      const allowed = [...has, ...(has.includes('GET') ? ['HEAD'] : [])].sort().join(', ')
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (has.includes(method)) continue
        const { status, headers, text } = await answerOf(path.replace(/\{\w+\}/, 'x'), method)
        assert.deepEqual([status, headers.get('allow')], [405, allowed], `${method} ${path}`)
        assert.equal((JSON.parse(text) as ApiError).error.code, 'method_not_allowed')
      }
    }
    assert.equal((await answerOf('/insights', 'POST')).status, 405)
    assert.equal((await answerOf('/api/nothing', 'POST')).status, 404)
  })

  it('with HEAD are answered like GET, without a body', async () => {
    for (const [path, { get }] of Object.entries(paths)) {
      if (get === undefined) continue
      const place = path.replace(/\{\w+\}/, 'x') + (path.endsWith('/top') ? '?by=song' : '')
      const [one, other] = [await answerOf(place), await answerOf(place, 'HEAD')]
      assert.equal(other.status, one.status, path)
      for (const name of ['content-type', 'x-total-count', 'content-disposition'])
        assert.equal(other.headers.get(name), one.headers.get(name), `${name} of ${path}`)
      assert.equal(other.text, '', path)
    }
    // The page may not be built here, so its addresses have either status.
    for (const path of ['/', '/insights'])
      assert.equal(
        (await fetch(playhead.url + path, { method: 'HEAD' })).status,
        (await fetch(playhead.url + path)).status,
      )
  })

  it('that are no HTTP get an error in the shape of all others', async () => {
    const { port, hostname } = new URL(playhead.url)
    const head = `GET /healthz HTTP/1.1\r\nhost: ${hostname}:${port}\r\n`
    for (const [request, status, code] of [
      ['nonsense\r\n\r\n', 400, 'bad_request'],
      [`${head}x: ${'y'.repeat(40_000)}\r\n\r\n`, 431, 'headers_too_large'],
      [`${head.replace('/healthz', '/%zz')}\r\n`, 400, 'bad_request'],
    ] as const) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(request.replace(/\r\n\r\n$/, '\r\nconnection: close\r\n\r\n'))
      const answer = await textOf(socket)
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer)
      assert.equal((JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as ApiError).error.code, code)
    }
  })

  it('for CSV get a byte order mark if they ask for it', async () => {
    const bytes = async (query: string) =>
      Buffer.from(await (await fetch(`${playhead.url}/api/export?${query}`)).arrayBuffer())
    const plain = await bytes('format=csv')
    assert.deepEqual(await bytes('format=csv&bom=true'), Buffer.concat([Buffer.from('\ufeff'), plain]))
    assert.deepEqual(await bytes('format=csv&bom=false'), plain)
    const { status, text } = await answerOf('/api/export?format=jsonl&bom=true')
    assert.deepEqual([status, (JSON.parse(text) as ApiError).error.field], [400, 'bom'])
  })
})
