import type { Filter } from '../../src/questions/filter.ts'
import { bigStore } from '../big-store.ts'
import type { Bench, Case, Finding } from '../case.ts'
import { filterCombinations } from '../combinations.ts'
import { quantile } from '../figures.ts'
import { runScript } from '../script.ts'

/** In addition to no filters at all. */
const COMBINATIONS = 4

/**
 * Time to answer a page of the table: the first two pages of every sort, both ways, under several
 * filters.
 */
export const tableCase: Case = {
  name: 'table',
  summary: 'table pages for all sort orders and several filters',
  async run(bench) {
    const findings: Finding[] = []
    for (const rows of bench.size.rows) findings.push(await atRows(bench, rows))
    return findings
  },
}

async function atRows(bench: Bench, rows: number): Promise<Finding> {
  const { path } = await bigStore(bench, rows)
  const filters: Filter[] = [{}, ...filterCombinations(COMBINATIONS, Date.now())]
  const runs: { sort: string; milliseconds: number }[][] = []
  for (let round = 0; round < bench.size.rounds; round++)
    runs.push(await runScript('ask-pages.ts', { path, filters }))
  const p95 = (taken: readonly { milliseconds: number }[]) =>
    quantile(
      taken.map(({ milliseconds }) => milliseconds),
      0.95,
    )
  const bySort = Object.groupBy(runs.flat(), ({ sort }) => sort)
  for (const [sort, taken = []] of Object.entries(bySort))
    bench.say(`sorted by ${sort}: ${Math.round(p95(taken))} ms`)
  return {
    what: `page of the table by any sort and filter at ${rows.toLocaleString('en')} listens, p95`,
    unit: 'ms',
    higherIsBetter: false,
    ours: runs.map(p95),
    peer: null,
    target: { of: 'figure', atLeast: 1_000, aim: 300 },
    details: runs[0],
  }
}
