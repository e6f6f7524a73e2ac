import { misfit, passwordOf } from './credentials.ts'
import type { Secret } from './secret.ts'
import { asGiven, asOneOf, asPort, asText, type Read, type Setting } from './values.ts'

export const CONNECT_MODES = ['standalone', 'distributed'] as const
/** `distributed` workers share connectors and their configuration through internal topics. */
export type ConnectMode = (typeof CONNECT_MODES)[number]

/** Reads an environment variable. A function, so that printing the settings shows no values. */
export type Variable = (name: string) => string | undefined

/** Settings of Kafka Connect. */
export interface ConnectConfig {
  connect: {
    /** Names of files in `connect/`. */
    connectors: readonly string[]
    mode: ConnectMode
    host: string
    port: number
    /** Password of the REST API; null to generate one at each start. */
    password: Secret | null
    /** Values that connectors need. */
    variable: Variable
  }
}

const asNames: Read = (text, name) => {
  const names = text.split(',').flatMap((part) => part.trim() || [])
  for (const one of names)
    if (!/^[a-z0-9-]{1,60}$/.test(one))
      throw misfit(
        `${name} must list connectors by the names of their files in connect/, separated by commas.`,
      )
  return [...new Set(names)]
}

export const CONNECT_SETTINGS = {
  connectors: {
    flag: 'connectors',
    variable: 'CONNECTORS',
    default: '',
    help: 'Kafka Connect connectors to run: names of files in connect/, such as postgres',
    read: asNames,
  },
  connectMode: {
    flag: 'connect-mode',
    variable: 'CONNECT_MODE',
    default: 'standalone',
    help: `mode of the Kafka Connect worker: ${CONNECT_MODES.join(', ')}`,
    read: asOneOf(CONNECT_MODES),
  },
  connectHost: {
    flag: 'connect-host',
    variable: 'CONNECT_HOST',
    default: '127.0.0.1',
    help: "address of Kafka Connect's REST API; distributed workers call each other there",
    read: asText,
  },
  connectPort: {
    flag: 'connect-port',
    variable: 'CONNECT_PORT',
    default: '8083',
    help: "port of Kafka Connect's REST API",
    read: asPort,
  },
  connectPassword: {
    flag: null,
    variable: 'CONNECT_PASSWORD',
    default: '',
    help: 'password of that API; the same for all distributed workers',
    read: asGiven,
  },
  connectPasswordFile: {
    flag: 'connect-password-file',
    variable: 'CONNECT_PASSWORD_FILE',
    default: '',
    help: 'file that holds the password, instead',
    read: asGiven,
  },
} satisfies Record<string, Setting>

/** Reads the settings of Kafka Connect. @throws Failure BAD_SETTING */
export function connectConfig(
  read: <T>(setting: Setting) => T,
  environment: NodeJS.ProcessEnv,
): ConnectConfig {
  return {
    connect: {
      connectors: read(CONNECT_SETTINGS.connectors),
      mode: read(CONNECT_SETTINGS.connectMode),
      host: read(CONNECT_SETTINGS.connectHost),
      port: read(CONNECT_SETTINGS.connectPort),
      password: passwordOf(
        'CONNECT_PASSWORD',
        read(CONNECT_SETTINGS.connectPassword),
        read(CONNECT_SETTINGS.connectPasswordFile),
      ),
      variable: (name) => environment[name],
    },
  }
}
