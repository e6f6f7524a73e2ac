// An archiver that at a named point of a run kills itself, or the servers that it writes to. Arguments: data directory, address
// of the archive, the point, how often it is passed before, and the ids of the servers, with commas between.
import { setTimeout as wait } from 'node:timers/promises'
import { openStore } from '../../src/foundation/foundation.ts'
import { archiveAddress } from '../../src/outputs/archive/address.ts'
import { type ArchivePoint, archiveStored } from '../../src/outputs/archive/archive.ts'
import { readConfig } from '../../src/settings/config.ts'

const POLL_MS = 5
const [data = '', text = '', point = '', passes = '0', servers = ''] = process.argv.slice(2)
const victims = servers === '' ? [process.pid] : servers.split(',').map(Number)
let left = Number(passes)
const config = readConfig({ data })
const store = await openStore(config)

function kill(): void {
  for (const victim of victims) process.kill(victim, 'SIGKILL')
}

/** Kills when a file is being written: some of its rows are read, and its statement has not ended. */
async function killWhileWriting(): Promise<void> {
  for (;;) {
    const [[writing] = [0]] = await store.rows<[number]>(
      `SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND query ILIKE 'INSERT INTO FUNCTION%' AND read_rows > 0`,
    )
    if (writing > 0) break
    await wait(POLL_MS)
  }
  kill()
}

function at(reached: ArchivePoint): void {
  if (point === 'writing' && reached === 'planned') void killWhileWriting()
  else if (reached === point && left-- === 0) kill()
}

try {
  await archiveStored(
    store,
    archiveAddress(text, 'ARCHIVE', { access: config.archiveAccess, embedded: true }),
    {
      openHour: true,
      iceberg: true,
      signal: new AbortController().signal,
      at,
    },
  )
  process.exit(0)
} catch (error) {
  const { code = '', message } = error as { code?: string; message: string }
  process.stderr.write(`${code}: ${message}\n`, () => process.exit(1))
}
