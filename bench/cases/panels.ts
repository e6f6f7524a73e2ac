import { bigStore } from '../big-store.ts'
import { type Bench, type Case, type Finding, inTurn } from '../case.ts'
import { quantile } from '../figures.ts'
import { runScript } from '../script.ts'

type Taken = Record<string, number[]>

/** Time to answer each panel that the pages show when they open; the slowest one counts. */
export const panelsCase: Case = {
  name: 'panels',
  summary: 'default panels, compared with the same questions over raw rows',
  async run(bench) {
    const findings: Finding[] = []
    for (const rows of bench.size.rows) findings.push(await atRows(bench, rows))
    return findings
  },
}

async function atRows(bench: Bench, rows: number): Promise<Finding> {
  const { size, say } = bench
  const { path } = await bigStore(bench, rows)
  const ask = (raw: boolean) => runScript<Taken>('ask-panels.ts', { path, asks: size.asks, raw })
  const found = await inTurn(
    size.rounds,
    () => ask(false),
    () => ask(true),
  )
  const p95 = (runs: readonly Taken[], name: string) => runs.map((taken) => quantile(taken[name] ?? [], 0.95))
  const names = Object.keys(found.ours[0] ?? {})
  const details = Object.fromEntries(
    names.map((name) => [name, { ours: p95(found.ours, name), raw: p95(found.theirs, name) }]),
  )
  for (const [name, { ours, raw }] of Object.entries(details))
    say(`${name}: ${ours.map(Math.round).join(', ')} ms; raw ${raw.map(Math.round).join(', ')} ms`)
  const slowest = (runs: readonly Taken[]) =>
    runs.map((taken) => Math.max(...Object.values(taken).map((times) => quantile(times, 0.95))))
  return {
    what: `slowest default panel at ${rows.toLocaleString('en')} listens, p95`,
    unit: 'ms',
    higherIsBetter: false,
    ours: slowest(found.ours),
    peer: { name: 'the same questions over raw rows', figures: slowest(found.theirs) },
    target: { of: 'figure', atLeast: 150, aim: 50 },
    details,
  }
}
