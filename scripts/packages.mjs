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
 * Whether node_modules holds what package-lock.json names. npm writes its own record of what it installed there, as the
 * last thing it does, so an install that was cut short does not pass.
 * @param {boolean} development whether the packages needed only for development count
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
 * Installs the packages that package-lock.json names unless they are there.
 * @param {{ development?: boolean }} options
 */
export async function ensurePackages({ development = false } = {}) {
  if (packagesMatch(development)) return
  await takeTurn('installing', async () => {
    // Whoever had the turn before may have done it all.
    if (packagesMatch(development)) return
    await step('Installing packages', install)
  })

  async function install() {
    // At this level npm is silent about engines: Node 24 comes with the packages, whatever runs npm.
    const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-progress']
    if (development) args.push('--include=dev')
    let result
    try {
      // The shell is for Windows, where npm is a script.
      result = await run('npm', args, { cwd: ROOT, capture: true, shell: process.platform === 'win32' })
    } catch (error) {
      throw new SetupError(
        `npm could not be started (${error.message}). Install Node.js 20 or newer with npm.`,
      )
    }
    if (result.stopped) throw new SetupError('Installing was interrupted. Start again to go on.')
    if (result.code !== 0)
      throw new SetupError(
        `npm could not install the packages:\n\n${result.output.trim()}\n\nCure what it says (often the network or a proxy) and start again.`,
      )
  }
}
