// Claims the data directory in its argument, reports that and keeps the claim until it is killed.
import { claimDataDirectory } from '../../src/runtime/data-directory.ts'
import { Failure } from '../../src/runtime/failure.ts'

try {
  await claimDataDirectory(process.argv[2] ?? '')
  process.stdout.write('claimed\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stdout.write(`${error.code}\n`)
}
