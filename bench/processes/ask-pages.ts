// Asks a store for pages of the table in every order, with and without filters; prints the milliseconds of each.

import type { Filter } from '../../src/questions/filter.ts'
import { listensFor } from '../../src/questions/listen-source.ts'
import { askListens, ListensQuerySchema, type Sort } from '../../src/questions/listens.ts'
import { EVERYONE } from '../../src/questions/scope.ts'
import { openEmbeddedStore } from '../../src/store/clickhouse.ts'
import { answer, told } from '../script.ts'

const { path, filters } = told<{ path: string; filters: readonly Filter[] }>()
const sorts = ListensQuerySchema.properties.sort.enum as readonly Sort[]
const listens = listensFor(await openEmbeddedStore(path), EVERYONE)
await askListens(listens, {})
const taken: { sort: Sort; order: 'asc' | 'desc'; page: number; filter: Filter; milliseconds: number }[] = []
for (const sort of sorts)
  for (const order of ['asc', 'desc'] as const)
    for (const filter of filters) {
      let cursor: string | null = null
      for (const page of [1, 2]) {
        const started = performance.now()
        const query = { ...filter, sort, order, limit: 100, ...(cursor === null ? {} : { cursor }) }
        const { next } = await askListens(listens, query)
        taken.push({ sort, order, page, filter, milliseconds: performance.now() - started })
        cursor = next
        if (next === null) break
      }
    }
answer(taken)
