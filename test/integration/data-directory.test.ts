import assert from 'node:assert/strict'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { claimDataDirectory, dataDirectoryUse } from '../../src/runtime/data-directory.ts'
import { type RunningScript, startScript } from '../support/script.ts'

describe('the data directory', () => {
  let folder: string
  const scripts: RunningScript[] = []
  const claimer = (path: string) => {
    const script = startScript('claimer.ts', [path])
    scripts.push(script)
    return script
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playhead-data-'))
  })

  after(async () => {
    for (const script of scripts) await script.kill()
    await rm(folder, { recursive: true, force: true })
  })

  it('is created, and names its owner while it is claimed', async () => {
    const path = join(folder, 'made', 'inside')
    const claim = await claimDataDirectory(path)
    assert.equal(Number(await readFile(join(path, 'playhead.pid'), 'utf8')), process.pid)
    assert.deepEqual(await dataDirectoryUse(path), { inUse: true, pid: process.pid })
    await claim.release()
    await claim.release()
    assert.deepEqual(await dataDirectoryUse(path), { inUse: false })
  })

  it('belongs to one process at a time, and the refusal names that process', async () => {
    const path = join(folder, 'owned')
    const first = claimer(path)
    assert.equal(await first.firstLine, 'claimed')
    await assert.rejects(claimDataDirectory(path), (error: Error & { code: string }) => {
      assert.equal(error.code, 'DATA_DIRECTORY_IN_USE')
      assert.match(error.message, new RegExp(`process ${first.pid}\\b.*PLAYHEAD_DATA`))
      return true
    })
  })

  it('is free at once after its owner was killed', async () => {
    const path = join(folder, 'killed')
    const owner = claimer(path)
    assert.equal(await owner.firstLine, 'claimed')
    await owner.kill()
    const claim = await claimDataDirectory(path)
    await claim.release()
  })

  it('goes to exactly one of many that claim it at the same time', async () => {
    const path = join(folder, 'race')
    const answers = await Promise.all(Array.from({ length: 6 }, () => claimer(path).firstLine))
    assert.equal(answers.filter((answer) => answer === 'claimed').length, 1)
    assert.equal(answers.filter((answer) => answer === 'DATA_DIRECTORY_IN_USE').length, 5)
  })

  it('is refused with its name and a solution when it cannot be created', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    for (const path of [file, join(file, 'below')])
      await assert.rejects(claimDataDirectory(path), (error: Error & { code: string }) => {
        assert.equal(error.code, 'DATA_DIRECTORY_UNUSABLE')
        assert.ok(error.message.includes(path))
        assert.match(error.message, /PLAYHEAD_DATA/)
        return true
      })
  })

  it('is not created by a query for its owner', async () => {
    const path = join(folder, 'asked')
    assert.deepEqual(await dataDirectoryUse(path), { inUse: false })
    await assert.rejects(access(path))
  })
})
