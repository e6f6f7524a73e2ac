import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../runtime/failure.ts'
import { readConfig, settingFlags, settingsHelp } from './config.ts'

const PASSWORD = 'Tr0ub4dor-and-3'
const LOGIN = {
  KAFKA_BROKERS: 'kafka.example:9093',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_USERNAME: 'playhead',
  KAFKA_PASSWORD: PASSWORD,
}

describe('the settings of clusters', () => {
  let folder: string
  let file: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'playhead-config-'))
    file = join(folder, 'password')
    writeFileSync(file, `${PASSWORD}\n`)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  const refused = (environment: Record<string, string>, message: RegExp) =>
    assert.throws(
      () => readConfig({}, environment),
      (error) => {
        assert.ok(error instanceof Failure && error.code === 'BAD_SETTING')
        assert.match(error.message, message)
        assert.ok(!inspect(error, { depth: 9 }).includes(PASSWORD))
        return true
      },
    )

  it('take a password from the environment or from a file, without the line break that ends it', () => {
    const { KAFKA_PASSWORD: _, ...named } = LOGIN
    for (const environment of [LOGIN, { ...named, KAFKA_PASSWORD_FILE: file }]) {
      const { sasl, tls } = readConfig({}, environment).kafkaSecurity
      assert.equal(sasl?.password.reveal(), PASSWORD)
      assert.equal(sasl?.mechanism, 'SCRAM-SHA-512')
      assert.equal(tls, null)
    }
    const url = 'https://clickhouse.example:8443'
    const environment = { CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'me', CLICKHOUSE_PASSWORD_FILE: file }
    assert.equal(readConfig({}, environment).clickhouseAccess.password?.reveal(), PASSWORD)
  })

  it('show no password to who prints, logs or serialises them', () => {
    const url = `https://me:${encodeURIComponent(PASSWORD)}@clickhouse.example:8443/plays`
    const config = readConfig({}, { ...LOGIN, CLICKHOUSE_URL: url })
    assert.equal(config.clickhouseAccess.password?.reveal(), PASSWORD)
    assert.equal(config.clickhouseAccess.user, 'me')
    assert.equal(config.clickhouseUrl, 'https://clickhouse.example:8443/plays')
    const shown = `${JSON.stringify(config)} ${inspect(config, { depth: 9, showHidden: true })} ${config.kafkaSecurity.sasl?.password}`
    assert.ok(!shown.includes(PASSWORD))
  })

  it('have no flag for a password, because the list of processes shows flags', () => {
    for (const flag of Object.keys(settingFlags)) assert.ok(!/password$/.test(flag), flag)
    assert.match(settingsHelp(), /\(no flag\) +KAFKA_PASSWORD /)
    assert.throws(() => readConfig({ 'clickhouse-url': `http://me:${PASSWORD}@localhost:8123` }, {}), {
      code: 'BAD_SETTING',
      message: /CLICKHOUSE_PASSWORD_FILE/,
    })
  })

  it('say which of them do not fit together', () => {
    const { KAFKA_BROKERS: _, ...nowhere } = LOGIN
    const { KAFKA_PASSWORD: __, ...open } = LOGIN
    refused(nowhere, /KAFKA_BROKERS/)
    refused(open, /KAFKA_PASSWORD_FILE/)
    refused({ ...LOGIN, KAFKA_PASSWORD_FILE: file }, /not both/)
    refused({ ...LOGIN, KAFKA_TLS: 'yes' }, /KAFKA_TLS is "yes".*on, off/)
    refused({ ...LOGIN, KAFKA_TLS_CA_FILE: file }, /KAFKA_TLS=on/)
    refused({ ...LOGIN, KAFKA_TLS: 'on', KAFKA_TLS_CERT_FILE: file }, /KAFKA_TLS_KEY_FILE/)
    refused(
      { ...LOGIN, KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: join(folder, 'absent') },
      /cannot be read \(ENOENT\)/,
    )
    refused({ ...LOGIN, KAFKA_SASL_MECHANISM: 'GSSAPI' }, /SCRAM-SHA-512/)
    const url = `http://me:${PASSWORD}@localhost:8123`
    refused({ CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'you' }, /set twice/)
    refused({ CLICKHOUSE_URL: 'http://me:50%@localhost:8123' }, /%25/)
    refused({ CLICKHOUSE_URL: 'http://localhost:8123', CLICKHOUSE_CA_FILE: file }, /https/)
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\n')
    refused({ CLICKHOUSE_URL: 'http://localhost:8123', CLICKHOUSE_PASSWORD_FILE: empty }, /empty/)
  })

  it('take the name of a cluster, which becomes part of statements, only with a server and in plain letters', () => {
    const url = { CLICKHOUSE_URL: 'http://localhost:8123' }
    assert.equal(readConfig({}, { ...url, CLICKHOUSE_CLUSTER: 'plays-1' }).clickhouseCluster, 'plays-1')
    assert.equal(readConfig({}, url).clickhouseCluster, null)
    const bad = { code: 'BAD_SETTING', message: /CLICKHOUSE_CLUSTER/ }
    assert.throws(() => readConfig({}, { CLICKHOUSE_CLUSTER: 'plays' }), bad)
    for (const name of ["x' (a UInt8)", 'a b', '{cluster}', 'ö'])
      assert.throws(() => readConfig({}, { ...url, CLICKHOUSE_CLUSTER: name }), bad)
  })
})
