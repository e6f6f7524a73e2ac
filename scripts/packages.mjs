import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { ROOT, SetupError } from './checkout.mjs'
import { run } from './child.mjs'
import { step } from './progress.mjs'
import { takeTurn } from './turn.mjs'

function lockfile(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null
}

/**
 * Whether node_modules has the packages of package-lock.json. npm records an installation there in
 * its last step, so an interrupted installation does not count.
 * @param {boolean} development whether packages for tests are required too
 */
function packagesMatch(development) {
  const wanted = lockfile(join(ROOT, 'package-lock.json'))
  const installed = lockfile(join(ROOT, 'node_modules', '.package-lock.json'))
  if (wanted === null || installed === null) return false
  const same = Object.entries(wanted).every(([path, { version, integrity, optional, dev, devOptional }]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return Boolean(optional || devOptional || (dev && !development))
    return found.version === version && found.integrity === integrity
  })
  return same && Object.keys(installed).every((path) => path in wanted)
}

/**
 * Installs the packages of package-lock.json unless they are present.
 * @param {{ development?: boolean }} options `development` adds packages for tests
 */
export async function ensurePackages({ development = false } = {}) {
  if (packagesMatch(development)) return
  await takeTurn('installing', async () => {
    // Another process may have installed them while this one waited.
    if (packagesMatch(development)) return
    if (!packagesMatch(false))
      // Removes existing packages first, so versions never mix.
      await step('Installing packages', () => install('ci', '--omit=dev'))
    if (development && !packagesMatch(true))
      // Only adds packages: a Playhead that runs from this folder keeps its packages.
      await step('Installing packages for tests', () => install('install', '--include=dev', '--no-save'))
  })
}

async function install(...command) {
  // At this log level npm does not warn about engines: Node 24 is one of the packages, so npm's own
  // Node does not matter.
  const args = [...command, '--loglevel=error', '--no-audit', '--no-fund', '--no-progress']
  let result
  try {
    // npm is a script on Windows, which needs a shell.
    result = await run('npm', args, { cwd: ROOT, capture: true, shell: process.platform === 'win32' })
  } catch (error) {
    throw new SetupError(`npm did not start (${error.message}). Install Node.js 20 or newer with npm.`)
  }
  if (result.stopped) throw new SetupError('The installation was interrupted. Start again to continue.')
  if (result.code !== 0)
    throw new SetupError(
      `npm could not install the packages:\n\n${result.output.trim()}\n\nFix the cause, often the network or a proxy, and start again.`,
    )
}
