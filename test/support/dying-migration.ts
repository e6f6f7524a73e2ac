// Migrates a store and kills its process after a number of statements, counting running ones.
// Arguments: absolute path of the store, and that number.
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { migrate } from '../../src/store/migrations.ts'

const [path = '', statements = '0'] = process.argv.slice(2)
const store = await openEmbeddedStore(path)
let left = Number(statements)
await migrate({
  ...store,
  async run(sql, ask) {
    left -= 1
    const running = store.run(sql, ask)
    if (left === 0) process.kill(process.pid, 'SIGKILL')
    await running
  },
})
process.stdout.write('migrated\n', () => process.exit(0))
