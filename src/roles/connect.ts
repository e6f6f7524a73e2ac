import type { Foundation } from '../foundation/foundation.ts'
import { startConnect } from '../outputs/connect/connect.ts'
import { readConnector } from '../outputs/connect/connector.ts'
import { restPassword } from '../outputs/connect/rest-login.ts'
import type { System } from '../outputs/status/system.ts'

/**
 * Starts Kafka Connect with the connectors that the settings name; none where they name none.
 * @throws Failure BAD_SETTING when a connector is unknown or lacks a setting
 */
export async function startConnectors({
  config,
  connection,
  log,
}: Pick<Foundation, 'config' | 'connection' | 'log'>): Promise<System[]> {
  const { connectors: names, mode, host, port, password, variable } = config.connect
  if (names.length === 0) return []
  restPassword(mode, password)
  const connectors = await Promise.all(
    names.map((name) => readConnector(name, { topic: config.topic, variable })),
  )
  const { dataDir, javaHome, topic } = config
  return [
    startConnect({
      connection,
      connectors,
      mode,
      host,
      port,
      password,
      variable,
      dataDir,
      javaHome,
      topic,
      log,
    }),
  ]
}
