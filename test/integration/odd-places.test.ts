import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { claimDataDirectory } from '../../src/runtime/data-directory.ts'
import { freePort } from '../../src/runtime/port.ts'
import { spawnPlayhead } from '../support/playhead.ts'
import { NO_SMALL_DISK, openSmallDisk } from '../support/small-disk.ts'

const NOBODY = 65_534
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups']
/** Another user can be tried only by root, and only if that user may read the sources. */
const NO_OTHER_USER =
  spawnSync('setpriv', [...AS_NOBODY.slice(1), process.execPath, '--check', import.meta.filename]).status !==
  0

describe('starting in odd places', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-odd-'))
    await chmod(folder, 0o755)
  })

  after(() => rm(folder, { recursive: true, force: true }))

  async function run(args: readonly string[], env: Record<string, string>, under: readonly string[] = []) {
    const child = spawnPlayhead(args, env, under)
    let out = ''
    let err = ''
    child.stdout?.on('data', (chunk) => {
      out += chunk
    })
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const [code] = await once(child, 'close')
    return { code, out, err }
  }

  /** Uses the store of a data directory and needs no broker. */
  const archive = (data: string, under: readonly string[] = []) =>
    run(['archive', '--once', '--to', join(data, '..', 'archive')], { PLAYHEAD_DATA: data }, under)

  /** Starts everything, which must fail. @returns the last line of output */
  async function refusal(data: string, under: readonly string[] = []): Promise<string> {
    const ports = { PORT: String(await freePort()), KAFKA_PORT: String(await freePort()) }
    const { code, err } = await run(['up'], { PLAYHEAD_DATA: data, ...ports }, under)
    assert.equal(code, 1, err)
    assert.doesNotMatch(err, /^\s+at /m)
    return err.trim().split('\n').at(-1) ?? ''
  }

  async function place(name: string): Promise<string> {
    const data = join(folder, name)
    await mkdir(data)
    return data
  }

  it('names a file that blocks the data directory or a folder in it', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    for (const data of [file, join(file, 'below')])
      assert.match(await refusal(data), /^DATA_DIRECTORY_UNUSABLE: .*file is where a folder.*PLAYHEAD_DATA/)
    for (const inside of ['kafka', 'logs']) {
      const data = await place(`file-${inside}`)
      await writeFile(join(data, inside), '')
      const said = await refusal(data)
      assert.ok(said.startsWith(`NOT_A_FOLDER: ${join(data, inside)}: `), said)
    }
  })

  it('names a folder that nobody may create', async () => {
    assert.match(await refusal('/proc/playhead/data'), /^DATA_DIRECTORY_UNUSABLE: .*cannot be created/)
  })

  it('uses a data directory whose lock is damaged, and still gives it to one process only', async () => {
    const data = await place('garbled')
    await writeFile(join(data, 'playhead.lock'), 'This is no lock. '.repeat(500))
    assert.equal((await archive(data)).code, 0)
    const claim = await claimDataDirectory(data)
    try {
      const second = await archive(data)
      assert.equal(second.code, 1)
      assert.match(second.err, new RegExp(`DATA_DIRECTORY_IN_USE: .*process ${process.pid}\\b`))
    } finally {
      await claim.release()
    }
  })

  it('works with a number sign and other special characters in its path, and without HOME', async () => {
    const data = await place('a #1 ?x=%20&y "z"')
    const { code, err } = await archive(data, ['env', '-u', 'HOME'])
    assert.equal(code, 0, err)
  })

  it('keeps its files from other users, those of an earlier version too', async () => {
    const data = await place('shared')
    await mkdir(join(data, 'logs'))
    await chmod(join(data, 'logs'), 0o755)
    await writeFile(join(data, 'logs', 'kafka.log'), '')
    await chmod(join(data, 'logs', 'kafka.log'), 0o644)
    await writeFile(join(data, 'letter.txt'), 'not ours')
    await chmod(join(data, 'letter.txt'), 0o644)
    assert.equal((await archive(data)).code, 0)
    const open: string[] = []
    for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (((await stat(path)).mode & 0o077) !== 0) open.push(entry.name)
    }
    assert.deepEqual(open, ['letter.txt'])
  })

  it('tells another user what may not be used', { skip: NO_OTHER_USER }, async () => {
    const foreign = await place('foreign')
    assert.equal((await archive(foreign)).code, 0)
    await chmod(foreign, 0o700)
    assert.match(await refusal(foreign, AS_NOBODY), /^DATA_DIRECTORY_UNUSABLE: .*PLAYHEAD_DATA/)
    const data = await place('read-only')
    await mkdir(join(data, 'kafka'))
    await chown(data, NOBODY, NOBODY)
    assert.match(await refusal(data, AS_NOBODY), /^NOT_PERMITTED: .*kafka.*PLAYHEAD_DATA/)
  })

  it('names a full disk, whatever does not fit on it', { skip: NO_SMALL_DISK }, async () => {
    const data = join(folder, 'full')
    const disk = await openSmallDisk(data, 8)
    try {
      await disk.fill()
      assert.match(await refusal(data, disk.under), /^(DISK_FULL|DATA_DIRECTORY_UNUSABLE): .*full/)
      // Sizes at which the lock, the broker and the store fail.
      for (const megabytes of [0.1, 0.5, 1.2]) {
        await disk.leave(megabytes)
        assert.match(await refusal(data, disk.under), /^(DISK_FULL|STORE_UNUSABLE): .*full/)
      }
    } finally {
      await disk.close()
    }
  })
})
