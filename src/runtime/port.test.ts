import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { freePort, reservePort } from './port.ts'

const HOST = '127.0.0.1'
/** From here on Linux takes ports for outgoing connections. */
const OUTGOING = 32_768

describe('a free port', () => {
  it('is another one each time, and never one of those for outgoing connections', async () => {
    const ports: number[] = []
    for (let count = 0; count < 200; count++) ports.push(await freePort())
    assert.equal(new Set(ports).size, ports.length)
    assert.ok(ports.every((port) => port > 1_024 && port < OUTGOING))
  })

  it('is none that something listens on', async () => {
    const { port, release } = await reservePort()
    const server = createServer().listen(port, HOST)
    await once(server, 'listening')
    try {
      release()
      const offered = new Set<number>()
      for (let count = 0; count < 50; count++) offered.add(await freePort())
      assert.ok(!offered.has(port))
    } finally {
      server.close()
    }
  })

  it('is offered to one of many processes that ask at the same time', async () => {
    // All begin at the same port, as processes do whose ids differ by a multiple of 300.
    const script = `Object.defineProperty(process, 'pid', { value: 7 })
      const { freePort } = await import(${JSON.stringify(new URL('./port.ts', import.meta.url).href)})
      const ports = []
      for (let count = 0; count < 20; count++) ports.push(await freePort())
      process.stdout.write(JSON.stringify(ports) + '\\n')
      process.stdin.resume()`
    const children = [1, 2, 3].map(() =>
      spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      ),
    )
    try {
      const answers = await Promise.all(children.map(async ({ stdout }) => (await once(stdout, 'data'))[0]))
      const ports = answers.flatMap((answer) => JSON.parse(String(answer)) as number[])
      assert.equal(ports.length, 60)
      assert.equal(new Set(ports).size, 60)
    } finally {
      for (const child of children) child.kill()
    }
  })
})
