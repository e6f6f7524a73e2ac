import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from './config.ts'

describe('the settings of the sinks', () => {
  const refused = (environment: NodeJS.ProcessEnv) => {
    try {
      readConfig({}, environment)
    } catch (error) {
      const { code, message } = error as { code: string; message: string }
      assert.equal(code, 'BAD_SETTING')
      return message
    }
    throw new Error('nothing was refused')
  }

  it('are read as they are given', () => {
    const { sinks, cassandra } = readConfig(
      {},
      {
        SINKS: 'firestore, cassandra',
        CASSANDRA_CONTACT_POINTS: 'one, [::1]:9043',
        CASSANDRA_REPLICATION: '3',
      },
    )
    assert.deepEqual(sinks, ['firestore', 'cassandra'])
    assert.deepEqual(cassandra.contactPoints, ['one:9042', '[::1]:9043'])
    assert.equal(cassandra.replication, 3)
    assert.equal(cassandra.password, null)
  })

  it('name themselves when they cannot be used', () => {
    assert.match(refused({ SINKS: 'mongo' }), /^SINKS must list outputs from cassandra, firestore/)
    assert.match(refused({ CASSANDRA_KEYSPACE: 'a"; DROP' }), /^CASSANDRA_KEYSPACE must be/)
    assert.match(refused({ CASSANDRA_LOCAL_DC: "dc'" }), /^CASSANDRA_LOCAL_DC must be/)
    assert.match(refused({ CASSANDRA_CONTACT_POINTS: 'http://x' }), /^CASSANDRA_CONTACT_POINTS must be/)
    assert.match(refused({ CASSANDRA_REPLICATION: '0' }), /^CASSANDRA_REPLICATION must be/)
    assert.match(refused({ FIRESTORE_DATABASE: '../x' }), /^FIRESTORE_DATABASE must be/)
    assert.match(refused({ CASSANDRA_TLS_CA_FILE: '/x' }), /CASSANDRA_TLS=on/)
    const alone = refused({ CASSANDRA_PASSWORD: 'hush-hush' })
    assert.match(alone, /CASSANDRA_USERNAME/)
    assert.ok(!alone.includes('hush-hush'))
  })
})
