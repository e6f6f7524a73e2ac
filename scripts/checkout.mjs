import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder that holds package.json. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

const OLDEST_NODE = 24

/** An expected failure: its message is shown without a stack. */
export class SetupError extends Error {}

/**
 * The Node that runs Playhead: the one that the npm package `node` brings, or this one where it is new enough and that
 * package has none for the platform.
 * @returns {string} path of the executable
 */
export function nodeExecutable() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const packaged = join(ROOT, 'node_modules', 'node', 'bin', name)
  if (existsSync(packaged)) return packaged
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath
  throw new SetupError(
    `Playhead runs on Node ${OLDEST_NODE}, which the npm package "node" brings, but it has none for ${process.platform} ${process.arch} ` +
      `or its install script was not allowed to run. Run "npm rebuild node", or start Playhead with Node ${OLDEST_NODE} or newer.`,
  )
}

const NODE_ENVIRONMENT = {
  // File reads and DNS share libuv's pool with the embedded engine's queries; the default of 4 lets them wait for it.
  UV_THREADPOOL_SIZE: '16',
  // The C library keeps freed memory apart for each of many threads; with one arena it is used again, and large pieces go back
  // to the system at once. docs/performance.md says what that saves.
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  // What Node made of the sources is kept for the next start, a third of a second each; where it cannot be written, it is not.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node'),
}

/** The environment Playhead runs in. */
export function nodeEnvironment() {
  return { ...NODE_ENVIRONMENT, ...process.env }
}

/** Flags that Node is always given; the small space for young objects keeps the start small. */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8']
