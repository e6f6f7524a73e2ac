// Asks a store for totals under several filters; prints the milliseconds and the number of matching
// listens of each.

import type { Filter } from '../../src/questions/filter.ts'
import { listensFor } from '../../src/questions/listen-source.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { askTotals } from '../../src/questions/totals.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { answer, told } from '../script.ts'

const { path, filters } = told<{ path: string; filters: readonly Filter[] }>()
const all = listensFor(await openEmbeddedStore(path), EVERYONE)
await askTotals(all, {})
const milliseconds: number[] = []
const matched: number[] = []
for (const filter of filters) {
  const started = performance.now()
  const { listens } = await askTotals(all, filter)
  milliseconds.push(performance.now() - started)
  matched.push(listens)
}
answer({ milliseconds, matched })
