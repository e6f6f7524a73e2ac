import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { keepFilesPrivate } from '../../runtime/private-files.ts'
import { localFolders } from './folders.ts'

it('an archive of this machine can be read by others, as the umask of the user says', async () => {
  const umask = process.umask(0o022)
  const root = await mkdtemp(join(tmpdir(), 'playhead-folders-'))
  try {
    keepFilesPrivate()
    const folders = localFolders(root)
    await folders.make('partial')
    await writeFile(join(root, 'partial', 'file'), '')
    await folders.move('partial/file', 'day=1/file')
    const modeOf = async (path: string) => (await stat(join(root, path))).mode & 0o777
    assert.deepEqual([await modeOf('day=1'), await modeOf('day=1/file')], [0o755, 0o644])
  } finally {
    process.umask(umask)
    await rm(root, { recursive: true, force: true })
  }
})
