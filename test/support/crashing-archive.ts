// An archiver that kills itself at a named point of a run. Arguments: data directory, address of the archive, the point,
// and how often it is passed before.
import { archiveAddress } from '../../src/archive/address.ts'
import { archiveStored } from '../../src/archive/archive.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/roles/foundation.ts'

const [data = '', text = '', point = '', passes = '0'] = process.argv.slice(2)
let left = Number(passes)
const config = readConfig({ data })
await archiveStored(
  await openStore(config),
  archiveAddress(text, 'ARCHIVE', { access: config.archiveAccess, embedded: true }),
  {
    openHour: true,
    iceberg: true,
    signal: new AbortController().signal,
    at(reached) {
      if (reached === point && left-- === 0) process.kill(process.pid, 'SIGKILL')
    },
  },
)
