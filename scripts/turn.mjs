import { lstatSync, lutimesSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { ROOT } from './checkout.mjs'

const POLL_MS = 200
const BEAT_MS = 1_000
const SILENT_MS = 5_000

/**
 * Runs work that two simultaneous commands must not both do, such as installing packages: the
 * second command waits for the first.
 * @param {string} name name of the work, such as "installing"
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
      // A link is created together with its owner in one step; a new file would be empty for a
      // moment.
      symlinkSync(String(process.pid), lock)
      return
    } catch (error) {
      // This file system has no links, so there is no lock; simultaneous starts are not
      // coordinated.
      if (error.code !== 'EEXIST') return
    }
    // The time of the lock shows whether its owner is alive. Its pid does not: another process may
    // have it, above all in a restarted container.
    const { mtimeMs } = lstatSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > SILENT_MS) ignoreErrors(() => rmSync(lock))
    else {
      if (!told) process.stderr.write(`Waiting for another start, which is ${name} …\n`)
      told = true
      await wait(POLL_MS)
    }
  }
}

/** Ignores failures because another process was faster. */
function ignoreErrors(act) {
  try {
    act()
  } catch {}
}
