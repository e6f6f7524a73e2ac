import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { answerError } from './error.ts'
import { answersFor, guardRequests, isLoopback, type Reach, requireReach } from './guard.ts'

const LOCAL: Reach = { host: '127.0.0.1', openToNetwork: false, publicUrl: null }
const OPEN: Reach = { host: '0.0.0.0', openToNetwork: true, publicUrl: 'https://music.example' }

async function statusOf(reach: Reach, method: 'GET' | 'POST', headers: Record<string, string>) {
  const app = Fastify()
  app.setErrorHandler(answerError)
  guardRequests(app, reach)
  app.all('/', async () => 'here')
  return (await app.inject({ method, url: '/', headers })).statusCode
}

describe('the guard of requests', () => {
  it('answers for loopback names only, unless the settings say more', () => {
    for (const name of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
      assert.ok(answersFor(name, LOCAL), name)
    for (const name of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.5',
      'nas',
    ])
      assert.ok(!answersFor(name, LOCAL), name)
    for (const name of ['music.example', '10.0.0.5', '[fd00::5]', 'nas', 'nas.local'])
      assert.ok(answersFor(name, OPEN), name)
    for (const name of ['evil.example', 'music.example.evil.example'])
      assert.ok(!answersFor(name, OPEN), name)
  })

  it('refuses a foreign host, however it is written', async () => {
    assert.equal(await statusOf(LOCAL, 'GET', { host: 'localhost:5000' }), 200)
    assert.equal(await statusOf(LOCAL, 'GET', { host: 'LOCALHOST:5000' }), 200)
    assert.equal(await statusOf(LOCAL, 'GET', { host: '[::1]:5000' }), 200)
    for (const host of [
      'evil.example',
      'evil.example:5000',
      'localhost@evil.example',
      'a b',
      '\u00e9.example',
    ])
      assert.equal(await statusOf(LOCAL, 'GET', { host }), 403, host)
  })

  it('refuses a change that a page of another origin asks for', async () => {
    const host = 'localhost:5000'
    assert.equal(await statusOf(LOCAL, 'POST', { host }), 200)
    assert.equal(await statusOf(LOCAL, 'POST', { host, origin: 'http://localhost:5000' }), 200)
    for (const origin of ['http://localhost:8080', 'https://evil.example', 'null', ''])
      assert.equal(await statusOf(LOCAL, 'POST', { host, origin }), 403, origin)
    assert.equal(await statusOf(LOCAL, 'GET', { host, origin: 'https://evil.example' }), 200)
    assert.equal(await statusOf(OPEN, 'POST', { host, origin: 'https://music.example' }), 200)
    assert.equal(await statusOf(OPEN, 'POST', { host, origin: 'http://music.example' }), 403)
  })

  it('keeps an app from other machines unless that is asked for', () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) assert.ok(isLoopback(host), host)
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'music.example']) {
      assert.throws(() => requireReach({ ...LOCAL, host }), { code: 'OPEN_TO_NETWORK' })
      requireReach({ ...LOCAL, host, openToNetwork: true })
    }
  })
})
