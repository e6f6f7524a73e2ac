// Asks a store for the totals under each of some filters; prints the milliseconds of each and how many listens matched.
import type { Filter } from '../../src/questions/filter.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { answer, told } from '../script.ts'

const { path, filters } = told<{ path: string; filters: readonly Filter[] }>()
const store = await openEmbeddedStore(path)
await askTotals(store, {})
const milliseconds: number[] = []
const matched: number[] = []
for (const filter of filters) {
  const started = performance.now()
  const { listens } = await askTotals(store, filter)
  milliseconds.push(performance.now() - started)
  matched.push(listens)
}
answer({ milliseconds, matched })
