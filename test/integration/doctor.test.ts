import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runDoctor } from '../../src/commands/doctor.ts'
import { startLocalBroker } from '../../src/kafka/broker.ts'
import { claimDataDirectory } from '../../src/runtime/data-directory.ts'
import { type Config, readConfig } from '../../src/settings/config.ts'
import '../support/end-on-signal.ts'
import { freePort } from '../../src/runtime/port.ts'
import { startScript } from '../support/script.ts'

interface Line {
  check: string
  status: 'ok' | 'warn' | 'fail'
  detail: string
}

describe('doctor', () => {
  let folder: string
  let config: Config

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-doctor-'))
    const settings = { data: join(folder, 'data'), port: String(await freePort()) }
    config = readConfig({ ...settings, 'kafka-port': String(await freePort()) })
    config = { ...config, kafkaBrokers: null, clickhouseUrl: null }
  })

  after(() => rm(folder, { recursive: true, force: true }))

  async function examine(
    changes: Partial<Config> = {},
  ): Promise<{ code: number; line: (check: string) => Line }> {
    let text = ''
    const out = {
      write(part: string) {
        text += part
      },
    }
    const code = await runDoctor({ ...config, ...changes }, out, { json: true })
    const lines = JSON.parse(text) as Line[]
    return {
      code,
      line(check) {
        const found = lines.find((line) => line.check.startsWith(check))
        assert.ok(found, `a line about ${check} in ${text}`)
        return found
      },
    }
  }

  it('finds no problem on this machine, loads the embedded engine, and creates nothing', async () => {
    const { code, line } = await examine()
    assert.equal(code, 0)
    for (const check of ['Node.js', 'Java', "Kafka's files", 'Data directory', 'Port', 'Kafka port'])
      assert.equal(line(check).status, 'ok', JSON.stringify(line(check)))
    assert.match(line('ClickHouse').detail, /^ClickHouse \d+\.\d+/)
    assert.match(line('Data directory').detail, /created at the first start/)
  })

  it('prints a table with aligned columns', async () => {
    let text = ''
    const out = {
      write(part: string) {
        text += part
      },
    }
    await runDoctor(config, out)
    const rows = text.trimEnd().split('\n')
    const columns = new Set(rows.map((row) => row.search(/(?<= {2})(ok|warn|fail) {2}/)))
    assert.equal(columns.size, 1, text)
  })

  it('fails with a solution when another program has a port', async () => {
    const other = createServer((_request, response) => response.end('{"status":"ok"}'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    try {
      const web = await examine({ port })
      assert.equal(web.code, 1)
      assert.equal(web.line('Port').status, 'fail')
      assert.match(web.line('Port').detail, /set PORT/)
      const kafka = await examine({ kafkaPort: port })
      assert.equal(kafka.code, 1)
      assert.match(kafka.line('Kafka port').detail, /KAFKA_PORT/)
    } finally {
      other.close()
    }
  })

  it('knows the ports and the data directory of the Playhead that is running', async () => {
    const dataDir = join(folder, 'running')
    const kafkaPort = await freePort()
    const claim = await claimDataDirectory(dataDir)
    const broker = await startLocalBroker({ dataDir, port: kafkaPort, log: () => {} })
    try {
      const { code, line } = await examine({ dataDir, kafkaPort })
      assert.equal(code, 0)
      assert.match(line('Data directory').detail, new RegExp(`used by .*process ${process.pid}`))
      assert.match(line('Kafka port').detail, new RegExp(`used by the broker of .*process ${process.pid}`))
      const reached = await examine({ kafkaBrokers: [broker.address] })
      assert.match(reached.line('Kafka').detail, /1 broker/)
    } finally {
      await broker.stop()
      await claim.release()
    }
  })

  it('fails when a configured system does not answer', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`
    const { code, line } = await examine({
      kafkaBrokers: [nowhere],
      clickhouseUrl: `http://someone:secret@${nowhere}`,
    })
    assert.equal(code, 1)
    assert.equal(line('Kafka').status, 'fail')
    assert.match(line('Kafka').detail, /KAFKA_BROKERS/)
    assert.equal(line('ClickHouse').status, 'fail')
    assert.match(line('ClickHouse').detail, /CLICKHOUSE_URL/)
    assert.doesNotMatch(line('ClickHouse').detail, /secret/)
  })

  it('checks that a ClickHouse server answers', async () => {
    const front = startScript('clickhouse-front.ts', [join(folder, 'store'), String(await freePort())])
    try {
      const { line } = await examine({ clickhouseUrl: `${await front.firstLine}/playhead` })
      assert.equal(line('ClickHouse').status, 'ok')
      assert.match(line('ClickHouse').detail, /ClickHouse \d+\.\d+/)
    } finally {
      await front.kill()
    }
  })

  it('fails with a solution when the data directory cannot be created', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, line } = await examine({ dataDir: join(file, 'below') })
    assert.equal(code, 1)
    assert.equal(line('Data directory').status, 'fail')
    assert.match(line('Data directory').detail, /PLAYHEAD_DATA/)
  })

  it('says what to install when Java is missing', async () => {
    const { PATH } = process.env
    process.env['PATH'] = folder
    try {
      const { code, line } = await examine()
      assert.equal(code, 1)
      assert.match(line('Java').detail, /Install Java 17/)
    } finally {
      process.env['PATH'] = PATH
    }
  })
})
