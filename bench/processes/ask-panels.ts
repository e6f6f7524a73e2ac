// Asks a store what the pages request when they open; prints the milliseconds of each answer, by
// panel.
import { listensFor } from '../../src/questions/listen-source.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { defaultPanels } from '../panels.ts'
import { openRawStore } from '../raw-store.ts'
import { answer, told } from '../script.ts'

const { path, asks, raw } = told<{ path: string; asks: number; raw: boolean }>()
const store = await openEmbeddedStore(path)
const listens = listensFor(raw ? await openRawStore(path) : store, EVERYONE)
const taken: Record<string, number[]> = {}
for (const { name, ask } of defaultPanels(Date.now())) {
  // The first answer reads from disk; the others read from memory.
  await ask(listens)
  const times: number[] = []
  for (let asked = 0; asked < asks; asked++) {
    const started = performance.now()
    await ask(listens)
    times.push(performance.now() - started)
  }
  taken[name] = times
}
answer(taken)
