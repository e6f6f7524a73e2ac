import { bigStore } from '../big-store.ts'
import { type Bench, type Case, type Finding, inTurn } from '../case.ts'
import { filterCombinations } from '../combinations.ts'
import { quantile } from '../figures.ts'
import { runScript } from '../script.ts'

const COMBINATIONS = 40

interface Asked {
  milliseconds: number[]
  matched: number[]
}

/** Time to answer totals under any filters. The peer answers the same for the same listens. */
export const filtersCase: Case = {
  name: 'filters',
  summary: 'combinations of filters, compared with DuckDB over Parquet',
  async run(bench) {
    const findings: Finding[] = []
    for (const rows of bench.size.rows) findings.push(await atRows(bench, rows))
    return findings
  },
}

async function atRows(bench: Bench, rows: number): Promise<Finding> {
  const { path, parquet } = await bigStore(bench, rows)
  const filters = filterCombinations(COMBINATIONS, Date.now())
  const found = await inTurn(
    bench.size.rounds,
    () => runScript<Asked>('ask-filters.ts', { path, filters }),
    () => runScript<Asked>('ask-duckdb.ts', { parquet, filters }),
  )
  const [ours, theirs] = [found.ours[0], found.theirs[0]]
  const differing = filters.findIndex((_, at) => ours?.matched[at] !== theirs?.matched[at])
  if (differing >= 0)
    throw new Error(
      `the sides disagree on ${JSON.stringify(filters[differing])}: ${ours?.matched[differing]} and ${theirs?.matched[differing]}`,
    )
  const p95 = (runs: readonly Asked[]) => runs.map(({ milliseconds }) => quantile(milliseconds, 0.95))
  return {
    what: `any combination of filters at ${rows.toLocaleString('en')} listens, p95`,
    unit: 'ms',
    higherIsBetter: false,
    ours: p95(found.ours),
    peer: { name: 'DuckDB over Parquet of the same listens', figures: p95(found.theirs) },
    target: { of: 'figure', atLeast: 1_500, aim: 500 },
    details: filters.map((filter, at) => ({
      filter,
      matched: ours?.matched[at],
      ours: ours?.milliseconds[at],
      duckdb: theirs?.milliseconds[at],
    })),
  }
}
