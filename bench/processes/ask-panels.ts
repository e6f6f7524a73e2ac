// Asks a store what the pages ask when they are opened; prints the milliseconds of each time, by panel.
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import type { Store } from '../../src/store/store.ts'
import { defaultPanels } from '../panels.ts'
import { openRawStore } from '../raw-store.ts'
import { answer, told } from '../script.ts'

const { path, asks, raw } = told<{ path: string; asks: number; raw: boolean }>()
const opened = await openEmbeddedStore(path)
const store = raw ? ({ ...opened, ...(await openRawStore(path)) } satisfies Store) : opened
const taken: Record<string, number[]> = {}
for (const { name, ask } of defaultPanels(Date.now())) {
  // The first time reads from the disk what all others find in memory.
  await ask(store)
  const times: number[] = []
  for (let asked = 0; asked < asks; asked++) {
    const started = performance.now()
    await ask(store)
    times.push(performance.now() - started)
  }
  taken[name] = times
}
answer(taken)
