import { type Finding, median, ratioOf } from './case.ts'

const figure = (value: number, unit: string) =>
  `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })} ${unit}`

/** What a ratio means against the project's goals. */
function verdict(finding: Finding): string {
  const ratio = ratioOf(finding)
  if (ratio >= finding.aim) return 'as aimed'
  return ratio >= finding.atLeast ? 'enough' : 'below'
}

/** The findings as a Markdown table. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.what,
    figure(median(finding.ours), finding.unit),
    finding.peer,
    figure(median(finding.theirs), finding.unit),
    ratioOf(finding).toFixed(2),
    `${finding.atLeast} / ${finding.aim}`,
    verdict(finding),
  ])
  const head = ['what', 'Playhead', 'peer', 'peer’s', 'ratio', 'at least / aim', '']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
