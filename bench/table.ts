import type { Finding } from './case.ts'
import { median } from './figures.ts'

const number = (value: number) =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 })

/**
 * Ours ÷ theirs; null without a peer or when the peer is 0. Above 1, Playhead is ahead where more
 * is better and behind where less is better.
 */
export function ratioOf({ ours, peer }: Finding): number | null {
  const theirs = peer === null ? 0 : median(peer.figures)
  return theirs === 0 ? null : median(ours) / theirs
}

/** Rates a finding against the project's goals. */
export function verdictOf(finding: Finding): 'as aimed' | 'enough' | 'below' | '' {
  const { target, higherIsBetter, ours } = finding
  if (target === null) return ''
  const value = target.of === 'figure' ? median(ours) : (ratioOf(finding) ?? Number.NaN)
  const reaches = (bound: number) => (higherIsBetter ? value >= bound : value <= bound)
  if (reaches(target.aim)) return 'as aimed'
  return reaches(target.atLeast) ? 'enough' : 'below'
}

function targetText({ target, higherIsBetter, unit }: Finding): string {
  if (target === null) return ''
  const measure = target.of === 'ratio' ? '×' : ` ${unit}`
  return `${higherIsBetter ? '≥' : '≤'} ${number(target.atLeast)}${measure}, aim ${number(target.aim)}${measure}`
}

/** The findings as a Markdown table. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.what,
    `${number(median(finding.ours))} ${finding.unit}`,
    finding.peer?.name ?? '',
    finding.peer === null ? '' : `${number(median(finding.peer.figures))} ${finding.unit}`,
    ratioOf(finding)?.toFixed(2) ?? '',
    targetText(finding),
    verdictOf(finding),
  ])
  const head = ['case', 'Playhead', 'peer', 'peer’s', 'ratio', 'target', '']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
