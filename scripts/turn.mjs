import { lstatSync, lutimesSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { ROOT } from './checkout.mjs'

const POLL_MS = 200
const BEAT_MS = 1_000
const SILENT_MS = 5_000

/**
 * Does work that two commands started at the same time must not both do, such as installing packages: the second one
 * waits for the first.
 * @param {string} name what is being done, such as "installing"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @template T
 */
export async function takeTurn(name, work) {
  mkdirSync(join(ROOT, 'dist'), { recursive: true })
  const lock = join(ROOT, 'dist', `.${name}-by`)
  await take(lock, name)
  const beating = setInterval(() => ignoreErrors(() => lutimesSync(lock, new Date(), new Date())), BEAT_MS)
  const drop = () => {
    clearInterval(beating)
    ignoreErrors(() => {
      if (readlinkSync(lock) === String(process.pid)) rmSync(lock)
    })
  }
  process.once('exit', drop)
  try {
    return await work()
  } finally {
    drop()
    process.off('exit', drop)
  }
}

async function take(lock, name) {
  let told = false
  for (;;) {
    try {
      // A link is made whole, with whose it is, where a file would stand empty for a moment.
      symlinkSync(String(process.pid), lock)
      return
    } catch (error) {
      // Without links on this file system there is no lock, and two starts at once are on their own.
      if (error.code !== 'EEXIST') return
    }
    // Whether its owner is alive shows in its time and not in its pid, which another process may have by now, above all
    // in a container that was started again.
    const { mtimeMs } = lstatSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > SILENT_MS) ignoreErrors(() => rmSync(lock))
    else {
      if (!told) process.stderr.write(`Waiting for another start, which is ${name} …\n`)
      told = true
      await wait(POLL_MS)
    }
  }
}

/** For what may fail because another process was quicker. */
function ignoreErrors(act) {
  try {
    act()
  } catch {}
}
