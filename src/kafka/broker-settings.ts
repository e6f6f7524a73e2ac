import { join } from 'node:path'

/** The broker's only address: nothing outside this machine reaches it. */
export const BROKER_HOST = '127.0.0.1'

const MIB = 1024 * 1024

/** Paths of the local broker's files. */
export interface BrokerFiles {
  /** The broker's working directory; the paths in its settings are relative to it. */
  home: string
  /** Kafka's storage: topics, offsets, cluster metadata. */
  storage: string
  settings: string
  pid: string
  logs: string
  /** What Kafka logs; see kafka/log4j2.xml. */
  log: string
  /** What the Java machine itself prints: nothing, unless it cannot start. */
  output: string
}

export function brokerFiles(dataDir: string): BrokerFiles {
  const home = join(dataDir, 'kafka')
  const logs = join(dataDir, 'logs')
  return {
    home,
    storage: join(home, 'data'),
    settings: join(home, 'server.properties'),
    pid: join(home, 'broker.pid'),
    logs,
    log: join(logs, 'kafka.log'),
    output: join(logs, 'kafka.out'),
  }
}

/** A second way to the broker, for clients that reach it through a proxy or a port mapping. */
export interface ExternalListener {
  /** Where the broker listens for them. */
  port: number
  /** The port that it tells them to connect to. */
  advertisedPort: number
}

export interface BrokerPorts {
  port: number
  external?: ExternalListener | undefined
  /** Of the controller, which only the broker itself talks to. */
  controllerPort: number
}

/**
 * The broker's server.properties: one node that is broker and controller at once.
 *
 * The controller's voters are listed here (a static quorum) and not kept in the cluster's metadata (a dynamic one):
 * listed, the controller's port may be another at each start, and data of a broker that moved to another KAFKA_PORT
 * still opens.
 * @param storage relative to the broker's working directory, so that no character of a person's path needs escaping and
 *   a comma in it does not make two folders
 */
export function brokerSettings({ port, external, controllerPort }: BrokerPorts, storage: string): string {
  const listener = (name: string, at: number) => `${name}://${BROKER_HOST}:${at}`
  const listeners = [listener('PLAINTEXT', port), listener('CONTROLLER', controllerPort)]
  const advertised = [listener('PLAINTEXT', port)]
  if (external !== undefined) {
    listeners.push(listener('EXTERNAL', external.port))
    advertised.push(listener('EXTERNAL', external.advertisedPort))
  }
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${BROKER_HOST}:${controllerPort}`,
    listeners: listeners.join(','),
    'advertised.listeners': advertised.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,EXTERNAL:PLAINTEXT',
    'log.dirs': storage,

    // Playhead creates topics explicitly, with the settings they need.
    'auto.create.topics.enable': false,
    'log.retention.hours': 168,
    // After a crash Kafka reads each partition's newest segment again; smaller ones bound how long that takes.
    'log.segment.bytes': 256 * MIB,

    // One node has no replica to recover from: a power loss loses at most what it acknowledged in the last second.
    'log.flush.interval.ms': 1_000,
    'log.flush.scheduler.interval.ms': 500,

    // Kafka's own topics: one node can hold one copy, and needs few partitions.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 4,

    // There is no crowd of consumers to wait for before the first assignment.
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed may register again only when its old session has ended: 9 s unless said.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,

    // A producer's batch is one message here, and the simulator's are large.
    'message.max.bytes': 16 * MIB,
    'replica.fetch.max.bytes': 16 * MIB,
    // Taken at the start and kept: 128 MiB unless said, a quarter of this broker's memory.
    'log.cleaner.dedupe.buffer.size': 32 * MIB,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
