import type { KafkaConnection } from '../../kafka/client.ts'
import type { ConnectMode } from '../../settings/connect.ts'
import type { Connector } from './connector.ts'

export interface WorkerPlace {
  mode: ConnectMode
  /** Of the REST interface: an address of this machine, at which the other workers of a distributed mode reach it. */
  host: string
  port: number
  /** Folder with one folder for each connector's jars. */
  plugins: string
  /** File for the positions of source connectors, of which standalone workers keep track themselves. */
  positions: string
}

const MOST_BYTES = 16 * 1024 * 1024

const DISTRIBUTED = {
  'group.id': 'playhead-connect',
  // How long what a worker did waits for that one to come back; Playhead starts it again after 5 s.
  'scheduled.rebalance.max.delay.ms': '20000',
  'config.storage.topic': 'playhead-connect-configs',
  'offset.storage.topic': 'playhead-connect-offsets',
  'status.storage.topic': 'playhead-connect-status',
  // As many copies as the cluster makes by default.
  'config.storage.replication.factor': '-1',
  'offset.storage.replication.factor': '-1',
  'status.storage.replication.factor': '-1',
}

/**
 * Settings of a Kafka Connect worker, as the text of a properties file. Secrets are not in it: they are in the
 * environment of the worker, and only what the connectors refer to is given out from there.
 */
export function workerSettings(
  { brokers, security }: KafkaConnection,
  { mode, host, port, plugins, positions }: WorkerPlace,
  connectors: readonly Connector[],
): string {
  const clients = {
    'bootstrap.servers': brokers.join(','),
    ...(security === undefined ? {} : clientSecurity(security)),
  }
  const given = connectors.flatMap(({ environment }) => Object.keys(environment))
  return propertiesText({
    ...clients,
    // What connectors read and write with takes none of the worker's own connection.
    ...Object.fromEntries(
      Object.entries(clients).flatMap(([name, value]) =>
        ['consumer', 'producer', 'admin'].map((client) => [`${client}.${name}`, value]),
      ),
    ),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'plugin.path': plugins,
    'plugin.discovery': 'hybrid_warn',
    listeners: `http://${host}:${port}`,
    'rest.extension.classes':
      'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'config.providers.env.param.allowlist.pattern': ['PLAYHEAD_KAFKA_LOGIN', ...given].join('|'),
    'offset.flush.interval.ms': '5000',
    // A dead letter is its record and, in headers, what was wrong with it; how large it may be is the brokers' to say.
    'producer.max.request.size': String(MOST_BYTES),
    'producer.buffer.memory': String(4 * MOST_BYTES),
    ...(mode === 'distributed' ? DISTRIBUTED : { 'offset.storage.file.filename': positions }),
  })
}

/** What {@link clientSecurity} refers to, for the environment of the worker. */
export function loginOf({ security }: KafkaConnection): Record<string, string> {
  if (!security?.sasl) return {}
  const { mechanism, username, password } = security.sasl
  const module = mechanism === 'PLAIN' ? 'plain.PlainLoginModule' : 'scram.ScramLoginModule'
  const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return {
    PLAYHEAD_KAFKA_LOGIN: `org.apache.kafka.common.security.${module} required username=${quoted(username)} password=${quoted(password.reveal())};`,
  }
}

function clientSecurity({ tls, sasl }: NonNullable<KafkaConnection['security']>): Record<string, string> {
  const protocol = `${sasl ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`
  return {
    'security.protocol': protocol,
    ...(tls?.ca ? { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': tls.ca } : {}),
    ...(tls?.client
      ? {
          'ssl.keystore.type': 'PEM',
          'ssl.keystore.certificate.chain': tls.client.certificate,
          'ssl.keystore.key': tls.client.key,
        }
      : {}),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the worker puts the value in
    ...(sasl ? { 'sasl.mechanism': sasl.mechanism, 'sasl.jaas.config': '${env:PLAYHEAD_KAFKA_LOGIN}' } : {}),
  }
}

/** @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html */
function propertiesText(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('')
}
