// A Playhead for tests to kill: claims a data directory, starts a broker in it, reports that and
// waits. Arguments: the data directory and the broker's port.

import { startLocalBroker } from '../../src/kafka/broker.ts'
import { claimDataDirectory } from '../../src/runtime/data-directory.ts'

const [dataDir = '', port = ''] = process.argv.slice(2)
await claimDataDirectory(dataDir)
const broker = await startLocalBroker({ dataDir, port: Number(port), log: () => {} })
process.stdout.write(`${broker.pid}\n`)
setInterval(() => {}, 60_000)
