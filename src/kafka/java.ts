import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { Failure } from '../runtime/failure.ts'

/** The oldest Java that Kafka 4 runs on. */
export const OLDEST_JAVA = 17

const CURE = `Install Java ${OLDEST_JAVA} or newer, or set KAFKA_BROKERS to an existing Kafka, or use compose.yaml.`

export interface Java {
  /** The executable to start. */
  command: string
  /** As Java says it, such as `17.0.15`. */
  version: string
}

/** The version in what `java -version` prints; null when there is none. */
export function javaVersion(printed: string): string | null {
  return /version "([^"]+)"/.exec(printed)?.[1] ?? null
}

/** The number a Java is known by: 17 of `17.0.15` or `17-ea`, 8 of `1.8.0_402`. */
export function javaRelease(version: string): number {
  const [first = '', second = ''] = version.split(/[.\-+_]/)
  return Number(first === '1' ? second : first)
}

/**
 * Finds a Java that can run the broker: the one of JAVA_HOME, or else the one on the PATH.
 * @throws Failure JAVA_MISSING or JAVA_TOO_OLD
 */
export async function findJava({ javaHome }: { javaHome: string | null }): Promise<Java> {
  const places = javaHome === null ? ['java'] : [join(javaHome, 'bin', 'java'), 'java']
  let tooOld: Java | null = null
  for (const command of places) {
    const version = javaVersion(await printedVersion(command))
    if (version === null) continue
    if (javaRelease(version) >= OLDEST_JAVA) return { command, version }
    tooOld ??= { command, version }
  }
  if (tooOld !== null)
    throw new Failure(
      'JAVA_TOO_OLD',
      `Java is ${tooOld.version} (${tooOld.command}), too old for the local Kafka broker. ${CURE}`,
    )
  const wrongHome = javaHome === null ? '' : ` (neither in JAVA_HOME, ${javaHome}, nor on the PATH)`
  throw new Failure(
    'JAVA_MISSING',
    `The local Kafka broker needs Java, which was not found${wrongHome}. ${CURE}`,
  )
}

function printedVersion(command: string): Promise<string> {
  return new Promise((resolve) => {
    // A Java that cannot start counts as absent.
    execFile(command, ['-version'], { timeout: 20_000 }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}
