import { misfit } from './credentials.ts'
import { asOneOf, asPort, asText, type Read, type Setting } from './values.ts'

export const CONNECT_MODES = ['standalone', 'distributed'] as const
/** `distributed` workers share connectors, and what they are configured with, by topics of their own. */
export type ConnectMode = (typeof CONNECT_MODES)[number]

/** A variable of the environment. A function, so that nobody who shows the settings shows what is in them. */
export type Variable = (name: string) => string | undefined

/** What Kafka Connect is told from outside. */
export interface ConnectConfig {
  connect: {
    /** Names of files in `connect/`. */
    connectors: readonly string[]
    mode: ConnectMode
    host: string
    port: number
    /** Where the values that connectors need are looked for. */
    variable: Variable
  }
}

const asNames: Read = (text, name) => {
  const names = text.split(',').flatMap((part) => part.trim() || [])
  for (const one of names)
    if (!/^[a-z0-9-]{1,60}$/.test(one))
      throw misfit(
        `${name} must be names of connectors, as their files in connect/ are called, with commas between.`,
      )
  return [...new Set(names)]
}

export const CONNECT_SETTINGS = {
  connectors: {
    flag: 'connectors',
    variable: 'CONNECTORS',
    default: '',
    help: 'connectors of Kafka Connect to run, by their files in connect/, such as postgres',
    read: asNames,
  },
  connectMode: {
    flag: 'connect-mode',
    variable: 'CONNECT_MODE',
    default: 'standalone',
    help: `how workers of Kafka Connect run: ${CONNECT_MODES.join(', ')}`,
    read: asOneOf(CONNECT_MODES),
  },
  connectHost: {
    flag: 'connect-host',
    variable: 'CONNECT_HOST',
    default: '127.0.0.1',
    help: "address of Kafka Connect's REST interface, which asks for no login; distributed workers call each other there",
    read: asText,
  },
  connectPort: {
    flag: 'connect-port',
    variable: 'CONNECT_PORT',
    default: '8083',
    help: "port of Kafka Connect's REST interface",
    read: asPort,
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
      variable: (name) => environment[name],
    },
  }
}
