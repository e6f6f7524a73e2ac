import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../', import.meta.url))

const OLDEST_NODE = 24

/** An expected failure: its message is shown without a stack. */
export class SetupError extends Error {}

/**
 * Returns the Node that runs Playhead: the one of the npm package `node`, or this one if it is new
 * enough and the package has none for the platform.
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
  // File reads and DNS share libuv's pool with the embedded engine's queries, which would block
  // them with the default of 4.
  UV_THREADPOOL_SIZE: '16',
  // The C library keeps freed memory separately for many threads. With one arena, freed memory is
  // reused and large pieces return to the system at once. docs/performance.md has the savings.
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  // Caches the compiled sources, which saves a third of a second per start; a cache that cannot be
  // written is skipped.
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node'),
}

/** Returns the environment of Playhead. */
export function nodeEnvironment() {
  return { ...NODE_ENVIRONMENT, ...process.env }
}

/**
 * Flags that Node always gets. The small space for young objects keeps memory low after the start.
 */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8']
