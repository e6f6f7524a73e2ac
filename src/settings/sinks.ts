import { contents, misfit, passwordOf, type Tls } from './credentials.ts'
import type { Secret } from './secret.ts'
import { asGiven, asSwitch, type Read, type Setting } from './values.ts'

/** Outputs that `playhead sink` and SINKS can fill. */
export const SINKS = ['cassandra', 'firestore'] as const
export type SinkName = (typeof SINKS)[number]

/** Connection to a Cassandra cluster, and the keyspace to fill. */
export interface CassandraAccess {
  /** `host:port` of some nodes. */
  contactPoints: readonly string[]
  localDc: string
  keyspace: string
  /** Replicas in that data center, for a keyspace that we create. */
  replication: number
  username: string | null
  password: Secret | null
  /** Null for plain connections. */
  tls: Tls | null
}

/** The Firestore database to fill. Google's library finds the credentials. */
export interface FirestoreAccess {
  /** Null for the project of the credentials. */
  project: string | null
  database: string
  /** `host:port` of an emulator; null for Google's service. */
  emulator: string | null
}

/** Settings of the outputs Cassandra and Firestore. */
export interface SinkConfig {
  /** Outputs that run inside `playhead up`. */
  sinks: readonly SinkName[]
  cassandra: CassandraAccess
  firestore: FirestoreAccess
}

const matching =
  (pattern: RegExp, expected: string): Read =>
  (text, name) => {
    if (!pattern.test(text)) throw misfit(`${name} must be ${expected}.`)
    return text
  }

const asSinks: Read = (text, name) => {
  const names = text.split(',').flatMap((part) => part.trim() || [])
  for (const sink of names)
    if (!SINKS.includes(sink as SinkName))
      throw misfit(`${name} must list outputs from ${SINKS.join(', ')}, separated by commas.`)
  return [...new Set(names)]
}

const asHosts: Read = (text, name) =>
  text.split(',').map((part) => {
    const host = part.trim()
    if (!/^(\[[0-9a-fA-F:]+\]|[^\s:/@]+)(:\d{1,5})?$/.test(host))
      throw misfit(`${name} must be host:port[,host:port…] of Cassandra nodes.`)
    return /:\d+$/.test(host) ? host : `${host}:9042`
  })

const asReplicas: Read = (text, name) => {
  if (!/^[1-9]\d?$/.test(text)) throw misfit(`${name} must be a number of replicas from 1 to 99.`)
  return Number(text)
}

export const SINK_SETTINGS = {
  sinks: {
    flag: 'sinks',
    variable: 'SINKS',
    default: '',
    help: `outputs that \`up\` fills: ${SINKS.join(', ')}`,
    read: asSinks,
  },
  cassandraContactPoints: {
    flag: 'cassandra-contact-points',
    variable: 'CASSANDRA_CONTACT_POINTS',
    default: '127.0.0.1:9042',
    help: 'host:port,… of Cassandra nodes',
    read: asHosts,
  },
  cassandraLocalDc: {
    flag: 'cassandra-local-dc',
    variable: 'CASSANDRA_LOCAL_DC',
    default: 'datacenter1',
    help: 'Cassandra data center to write to',
    read: matching(
      /^[A-Za-z0-9_.-]{1,100}$/,
      'the name of a data center (letters, digits, dot, underscore, hyphen)',
    ),
  },
  cassandraKeyspace: {
    flag: 'cassandra-keyspace',
    variable: 'CASSANDRA_KEYSPACE',
    default: 'playhead',
    help: 'Cassandra keyspace to fill; created if absent',
    read: matching(
      /^[a-z][a-z0-9_]{0,47}$/,
      'a keyspace name (a-z, 0-9, underscore; at most 48, a letter first)',
    ),
  },
  cassandraReplication: {
    flag: 'cassandra-replication',
    variable: 'CASSANDRA_REPLICATION',
    default: '1',
    help: 'replicas in that data center, for a keyspace that Playhead creates',
    read: asReplicas,
  },
  cassandraUsername: {
    flag: 'cassandra-username',
    variable: 'CASSANDRA_USERNAME',
    default: '',
    help: 'Cassandra user',
    read: asGiven,
  },
  cassandraPassword: {
    flag: null,
    variable: 'CASSANDRA_PASSWORD',
    default: '',
    help: 'Cassandra password',
    read: asGiven,
  },
  cassandraPasswordFile: {
    flag: 'cassandra-password-file',
    variable: 'CASSANDRA_PASSWORD_FILE',
    default: '',
    help: 'file with the Cassandra password',
    read: asGiven,
  },
  cassandraTls: {
    flag: 'cassandra-tls',
    variable: 'CASSANDRA_TLS',
    default: 'off',
    help: 'on: connect to Cassandra over TLS',
    read: asSwitch,
  },
  cassandraTlsCaFile: {
    flag: 'cassandra-tls-ca-file',
    variable: 'CASSANDRA_TLS_CA_FILE',
    default: '',
    help: "PEM file of certificate authorities to trust instead of the system's",
    read: asGiven,
  },
  firestoreProject: {
    flag: 'firestore-project',
    variable: 'FIRESTORE_PROJECT',
    default: '',
    help: 'Google Cloud project, if it is not the project of the credentials',
    read: asGiven,
  },
  firestoreDatabase: {
    flag: 'firestore-database',
    variable: 'FIRESTORE_DATABASE',
    default: '(default)',
    help: 'Firestore database of that project',
    read: matching(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, 'the name of a Firestore database'),
  },
  firestoreEmulatorHost: {
    flag: 'firestore-emulator-host',
    variable: 'FIRESTORE_EMULATOR_HOST',
    default: '',
    help: "host:port of a Firestore emulator, instead of Google's service",
    read: (text, name) =>
      text === ''
        ? null
        : matching(/^(\[[0-9a-fA-F:]+\]|[^\s:/@]+):\d{1,5}$/, 'host:port of an emulator')(text, name),
  },
} satisfies Record<string, Setting>

/**
 * Combines the settings of the outputs and reads the files that they name.
 * @throws Failure BAD_SETTING if settings contradict each other or a file cannot be read
 */
export function sinkConfig(read: <T>(setting: Setting) => T): SinkConfig {
  const username = read<string | null>(SINK_SETTINGS.cassandraUsername)
  const password = passwordOf(
    'CASSANDRA_PASSWORD',
    read(SINK_SETTINGS.cassandraPassword),
    read(SINK_SETTINGS.cassandraPasswordFile),
  )
  if ((username === null) !== (password === null))
    throw misfit(
      'CASSANDRA_USERNAME and CASSANDRA_PASSWORD (or CASSANDRA_PASSWORD_FILE) need each other. Set both, or neither.',
    )
  const tls = read<boolean>(SINK_SETTINGS.cassandraTls)
  const caFile = read<string | null>(SINK_SETTINGS.cassandraTlsCaFile)
  if (!tls && caFile !== null)
    throw misfit('CASSANDRA_TLS_CA_FILE needs CASSANDRA_TLS=on. Set it, or remove the file.')
  return {
    sinks: read(SINK_SETTINGS.sinks),
    cassandra: {
      contactPoints: read(SINK_SETTINGS.cassandraContactPoints),
      localDc: read(SINK_SETTINGS.cassandraLocalDc),
      keyspace: read(SINK_SETTINGS.cassandraKeyspace),
      replication: read(SINK_SETTINGS.cassandraReplication),
      username,
      password,
      tls: tls
        ? { ca: caFile === null ? null : contents('CASSANDRA_TLS_CA_FILE', caFile), client: null }
        : null,
    },
    firestore: {
      project: read(SINK_SETTINGS.firestoreProject),
      database: read(SINK_SETTINGS.firestoreDatabase),
      emulator: read(SINK_SETTINGS.firestoreEmulatorHost),
    },
  }
}
