// Runs test files in the given order, with the concurrency of its first argument: `node --test`
// sorts them by name. On a signal, it ends the running files.
import process from 'node:process'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

const [atOnce, ...files] = process.argv.slice(2)
const told = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => told.abort())
run({ files, concurrency: Number(atOnce), execArgv: process.execArgv, signal: told.signal })
  .on('test:summary', ({ success }) => {
    if (!success) process.exitCode = 1
  })
  .compose(new spec())
  .pipe(process.stdout)
