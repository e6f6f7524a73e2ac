import { resolve } from 'node:path'
import { Failure } from '../runtime/failure.ts'
import { CONNECT_SETTINGS, type ConnectConfig, connectConfig } from './connect.ts'
import {
  type ArchiveAccess,
  type ClickHouseAccess,
  clickhouseAccess,
  type KafkaSecurity,
  kafkaSecurity,
  SASL_MECHANISMS,
  s3Access,
} from './credentials.ts'
import { SINK_SETTINGS, type SinkConfig, sinkConfig } from './sinks.ts'
import {
  asBrokers,
  asClusterName,
  asGiven,
  asNumber,
  asOneOf,
  asOrigin,
  asPort,
  asRegion,
  asSpan,
  asSwitch,
  asText,
  asTopic,
  asUrl,
  type Setting,
} from './values.ts'

/** All settings. Read once at the start; everything else takes them as arguments. */
export interface Config extends SinkConfig, ConnectConfig {
  host: string
  /** Whether a HOST that other machines reach is allowed, though nobody has to sign in. */
  openToNetwork: boolean
  /** The address that people open behind a proxy, as `https://host`; null where they open HOST and PORT. */
  publicUrl: string | null
  port: number
  /** Port for health and metrics of a process without a page: 0 for any free port, null for none. */
  metricsPort: number | null
  /** Absolute path of the folder that holds all local data. */
  dataDir: string
  /** Port of the broker that Playhead starts. */
  kafkaPort: number
  /** Existing brokers; null starts a local one. */
  kafkaBrokers: string[] | null
  /** TLS and login for those brokers. */
  kafkaSecurity: KafkaSecurity
  topic: string
  /** Compression of our own producers. */
  kafkaCompression: Compression
  /** Whether our own listens have CloudEvents headers. */
  cloudEvents: boolean
  /** ClickHouse server, without user and password; null for the embedded engine. */
  clickhouseUrl: string | null
  clickhouseAccess: ClickHouseAccess
  /** Address of the archive: a folder, `s3://…` or `hdfs://…`; null for none. */
  archive: string | null
  archiveAccess: ArchiveAccess
  /** Whether questions read listens that the store has dropped from the archive. */
  archiveRead: boolean
  /** Whether the archive is also an Iceberg table. */
  archiveIceberg: boolean
  /** Milliseconds after which the store drops archived listens; null for never. */
  keepMs: number | null
  /** ClickHouse cluster that the tables are spread over; null for one server. */
  clickhouseCluster: string | null
  /** Simulated events per second; 0 turns the simulator off. */
  simulatorRate: number
  logLevel: string
  javaHome: string | null
}

export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

const SETTINGS = {
  host: {
    flag: 'host',
    variable: 'HOST',
    default: '127.0.0.1',
    help: 'address to listen on; other than loopback it needs OPEN_TO_NETWORK',
    read: asText,
  },
  openToNetwork: {
    flag: 'open-to-network',
    variable: 'OPEN_TO_NETWORK',
    default: 'off',
    help: 'on: everyone who reaches HOST may read and change everything',
    read: asSwitch,
  },
  publicUrl: {
    flag: 'public-url',
    variable: 'PUBLIC_URL',
    default: '',
    help: 'address that people open, where a proxy stands before Playhead: https://host',
    read: asOrigin,
  },
  port: { flag: 'port', variable: 'PORT', default: '5000', help: 'port of the page and API', read: asPort },
  metricsPort: {
    flag: 'metrics-port',
    variable: 'METRICS_PORT',
    default: '',
    help: 'port for health and metrics of a process without a page; 0 picks a free port and prints it',
    read: (text, name) => (text === '' ? null : text === '0' ? 0 : asPort(text, name)),
  },
  dataDir: {
    flag: 'data',
    variable: 'PLAYHEAD_DATA',
    default: '.playhead',
    help: 'folder for all local data',
    read: asText,
  },
  kafkaPort: {
    flag: 'kafka-port',
    variable: 'KAFKA_PORT',
    default: '9092',
    help: 'port of the broker that Playhead starts',
    read: asPort,
  },
  kafkaBrokers: {
    flag: 'kafka-brokers',
    variable: 'KAFKA_BROKERS',
    default: '',
    help: 'host:port,… of an existing Kafka cluster; no local broker is started',
    read: asBrokers,
  },
  kafkaTls: {
    flag: 'kafka-tls',
    variable: 'KAFKA_TLS',
    default: 'off',
    help: 'on: connect to KAFKA_BROKERS over TLS',
    read: asSwitch,
  },
  kafkaTlsCaFile: {
    flag: 'kafka-tls-ca-file',
    variable: 'KAFKA_TLS_CA_FILE',
    default: '',
    help: "PEM file of certificate authorities to trust instead of the system's",
    read: asGiven,
  },
  kafkaTlsCertFile: {
    flag: 'kafka-tls-cert-file',
    variable: 'KAFKA_TLS_CERT_FILE',
    default: '',
    help: 'PEM file of the client certificate, if brokers require one',
    read: asGiven,
  },
  kafkaTlsKeyFile: {
    flag: 'kafka-tls-key-file',
    variable: 'KAFKA_TLS_KEY_FILE',
    default: '',
    help: 'PEM file of the private key of the client certificate',
    read: asGiven,
  },
  kafkaSaslMechanism: {
    flag: 'kafka-sasl-mechanism',
    variable: 'KAFKA_SASL_MECHANISM',
    default: '',
    help: `SASL mechanism: ${SASL_MECHANISMS.join(', ')}`,
    read: (text, name) => (text === '' ? null : asOneOf(SASL_MECHANISMS)(text, name)),
  },
  kafkaUsername: {
    flag: 'kafka-username',
    variable: 'KAFKA_USERNAME',
    default: '',
    help: 'Kafka user',
    read: asGiven,
  },
  kafkaPassword: {
    flag: null,
    variable: 'KAFKA_PASSWORD',
    default: '',
    help: 'Kafka password',
    read: asGiven,
  },
  kafkaPasswordFile: {
    flag: 'kafka-password-file',
    variable: 'KAFKA_PASSWORD_FILE',
    default: '',
    help: 'file with the Kafka password',
    read: asGiven,
  },
  topic: {
    flag: 'kafka-topic',
    variable: 'KAFKA_TOPIC',
    default: 'music-streams',
    help: 'topic for listens',
    read: asTopic,
  },
  kafkaCompression: {
    flag: 'kafka-compression',
    variable: 'KAFKA_COMPRESSION',
    // Every client can read uncompressed records; not every client has the compression libraries.
    default: 'none',
    help: `compression of events: ${COMPRESSIONS.join(', ')}`,
    read: asOneOf(COMPRESSIONS),
  },
  cloudEvents: {
    flag: 'kafka-cloudevents',
    variable: 'KAFKA_CLOUDEVENTS',
    // The headers slow a busy producer down; docs/events.md has the figures.
    default: 'off',
    help: 'on: add CloudEvents headers to our own events',
    read: asSwitch,
  },
  clickhouseUrl: {
    flag: 'clickhouse-url',
    variable: 'CLICKHOUSE_URL',
    default: '',
    help: 'ClickHouse server to use instead of the embedded engine',
    read: asUrl,
  },
  clickhouseUser: {
    flag: 'clickhouse-user',
    variable: 'CLICKHOUSE_USER',
    default: '',
    help: 'ClickHouse user',
    read: asGiven,
  },
  clickhousePassword: {
    flag: null,
    variable: 'CLICKHOUSE_PASSWORD',
    default: '',
    help: 'ClickHouse password',
    read: asGiven,
  },
  clickhousePasswordFile: {
    flag: 'clickhouse-password-file',
    variable: 'CLICKHOUSE_PASSWORD_FILE',
    default: '',
    help: 'file with the ClickHouse password',
    read: asGiven,
  },
  clickhouseCaFile: {
    flag: 'clickhouse-ca-file',
    variable: 'CLICKHOUSE_CA_FILE',
    default: '',
    help: "PEM file of certificate authorities to trust instead of the system's",
    read: asGiven,
  },
  archive: {
    flag: 'archive',
    variable: 'ARCHIVE',
    default: '',
    help: 'archive for stored listens: a folder, s3://bucket/prefix or hdfs://host:port/path',
    read: asGiven,
  },
  archiveEndpoint: {
    flag: 'archive-s3-endpoint',
    variable: 'ARCHIVE_S3_ENDPOINT',
    default: '',
    help: 'http(s)://host:port of an S3 server such as MinIO, instead of Amazon S3',
    read: asOrigin,
  },
  archiveRegion: {
    flag: 'archive-s3-region',
    variable: 'ARCHIVE_S3_REGION',
    default: 'us-east-1',
    help: 'Amazon S3 region',
    read: asRegion,
  },
  archiveAccessKey: {
    flag: 'archive-access-key',
    variable: 'ARCHIVE_ACCESS_KEY',
    default: '',
    help: 'S3 access key id',
    read: asGiven,
  },
  archiveSecretKey: {
    flag: null,
    variable: 'ARCHIVE_SECRET_KEY',
    default: '',
    help: 'S3 secret key',
    read: asGiven,
  },
  archiveSecretKeyFile: {
    flag: 'archive-secret-key-file',
    variable: 'ARCHIVE_SECRET_KEY_FILE',
    default: '',
    help: 'file with the S3 secret key',
    read: asGiven,
  },
  archiveHdfsHttp: {
    flag: 'archive-hdfs-http',
    variable: 'ARCHIVE_HDFS_HTTP',
    default: '',
    help: 'http(s)://host:port of WebHDFS, if it is not port 9870 of the NameNode in ARCHIVE',
    read: asOrigin,
  },
  archiveRead: {
    flag: 'archive-read',
    variable: 'ARCHIVE_READ',
    default: 'off',
    help: 'on: read listens that the store has dropped from the archive',
    read: asSwitch,
  },
  archiveIceberg: {
    flag: 'archive-iceberg',
    variable: 'ARCHIVE_ICEBERG',
    default: 'off',
    help: 'on: also publish the archive as an Iceberg table',
    read: asSwitch,
  },
  keep: {
    flag: 'keep',
    variable: 'KEEP',
    default: '',
    help: 'how long the store keeps archived listens, such as 90d; forever if not set',
    read: asSpan,
  },
  clickhouseCluster: {
    flag: 'clickhouse-cluster',
    variable: 'CLICKHOUSE_CLUSTER',
    default: '',
    help: 'ClickHouse cluster to spread the tables over; one server if not set',
    read: asClusterName,
  },
  simulatorInterval: {
    flag: 'simulator-interval',
    variable: 'SIMULATOR_INTERVAL',
    default: '2',
    help: 'seconds between simulated events; 0 turns the simulator off',
    read: asNumber,
  },
  simulatorRate: {
    flag: 'simulator-rate',
    variable: 'SIMULATOR_RATE',
    default: '',
    help: 'simulated events per second, overrides the interval; 0 turns the simulator off',
    read: (text, name) => (text === '' ? null : asNumber(text, name)),
  },
  ...SINK_SETTINGS,
  ...CONNECT_SETTINGS,
  logLevel: {
    flag: 'log-level',
    variable: 'LOG_LEVEL',
    default: 'warn',
    help: `one of ${LOG_LEVELS.join(', ')}`,
    read: asOneOf(LOG_LEVELS),
  },
} satisfies Record<string, Setting>

/** The flags of all settings, for `parseArgs` of node:util. */
export const settingFlags: Record<string, { type: 'string' }> = Object.fromEntries(
  Object.values(SETTINGS).flatMap(({ flag }) => (flag === null ? [] : [[flag, { type: 'string' }]])),
)

/** One line of help per setting: flag, variable, meaning and default. */
export function settingsHelp(): string {
  return Object.values(SETTINGS)
    .map((setting) => {
      const fallback = setting.default === '' ? '' : ` (${setting.default})`
      const flag = setting.flag === null ? '(no flag)' : `--${setting.flag}`
      return `  ${flag.padEnd(28)}${setting.variable.padEnd(26)}${setting.help}${fallback}`
    })
    .join('\n')
}

/**
 * Reads the settings: a flag wins over its environment variable, which wins over the default.
 * @param flags values of {@link settingFlags}, by flag name
 * @throws Failure BAD_SETTING naming the first setting with an invalid value
 */
export function readConfig(
  flags: Record<string, unknown> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const read = <T>(setting: Setting): T => {
    const flag = setting.flag === null ? undefined : flags[setting.flag]
    if (typeof flag === 'string') return setting.read(flag, `--${setting.flag}`) as T
    const variable = environment[setting.variable]
    if (variable !== undefined && variable !== '') return setting.read(variable, setting.variable) as T
    return setting.read(setting.default, setting.variable) as T
  }
  const interval = read<number>(SETTINGS.simulatorInterval)
  const rate = read<number | null>(SETTINGS.simulatorRate)
  const clickhouse = clickhouseAccess({
    url: read(SETTINGS.clickhouseUrl),
    user: read(SETTINGS.clickhouseUser),
    password: read(SETTINGS.clickhousePassword),
    passwordFile: read(SETTINGS.clickhousePasswordFile),
    caFile: read(SETTINGS.clickhouseCaFile),
  })
  const clickhouseCluster = read<string | null>(SETTINGS.clickhouseCluster)
  if (clickhouseCluster !== null && clickhouse.url === null)
    throw new Failure('BAD_SETTING', 'CLICKHOUSE_CLUSTER needs CLICKHOUSE_URL. Set both, or neither.')
  return {
    host: read(SETTINGS.host),
    openToNetwork: read(SETTINGS.openToNetwork),
    publicUrl: read(SETTINGS.publicUrl),
    port: read(SETTINGS.port),
    metricsPort: read(SETTINGS.metricsPort),
    dataDir: resolve(read<string>(SETTINGS.dataDir)),
    kafkaPort: read(SETTINGS.kafkaPort),
    kafkaBrokers: read(SETTINGS.kafkaBrokers),
    kafkaSecurity: kafkaSecurity({
      brokers: read(SETTINGS.kafkaBrokers),
      tls: read(SETTINGS.kafkaTls),
      caFile: read(SETTINGS.kafkaTlsCaFile),
      certificateFile: read(SETTINGS.kafkaTlsCertFile),
      keyFile: read(SETTINGS.kafkaTlsKeyFile),
      mechanism: read(SETTINGS.kafkaSaslMechanism),
      username: read(SETTINGS.kafkaUsername),
      password: read(SETTINGS.kafkaPassword),
      passwordFile: read(SETTINGS.kafkaPasswordFile),
    }),
    topic: read(SETTINGS.topic),
    kafkaCompression: read(SETTINGS.kafkaCompression),
    cloudEvents: read(SETTINGS.cloudEvents),
    clickhouseUrl: clickhouse.url,
    clickhouseAccess: clickhouse.access,
    archive: read(SETTINGS.archive),
    archiveAccess: {
      s3: s3Access({
        endpoint: read(SETTINGS.archiveEndpoint),
        region: read(SETTINGS.archiveRegion),
        accessKey: read(SETTINGS.archiveAccessKey),
        secretKey: read(SETTINGS.archiveSecretKey),
        secretKeyFile: read(SETTINGS.archiveSecretKeyFile),
      }),
      webHdfs: read(SETTINGS.archiveHdfsHttp),
    },
    archiveRead: read(SETTINGS.archiveRead),
    archiveIceberg: read(SETTINGS.archiveIceberg),
    keepMs: read(SETTINGS.keep),
    ...sinkConfig(read),
    ...connectConfig(read, environment),
    clickhouseCluster,
    simulatorRate: rate ?? (interval === 0 ? 0 : 1 / interval),
    logLevel: read(SETTINGS.logLevel),
    javaHome: environment['JAVA_HOME'] || null,
  }
}
