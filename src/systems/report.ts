import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** Name of the topic on which processes tell each other how the systems are doing that listens of `topic` are handed on to. */
export function reportTopic(topic: string): string {
  return `${topic}.systems`
}

/** How often a process tells how its systems are doing, in milliseconds. */
export const REPORT_MS = 5_000
export const LONGEST_DETAIL = 2_000

export const ReportSchema = Type.Object({
  process: Type.String({ maxLength: 100, description: 'The process that tells it' }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  kind: Type.Enum(['connector', 'sink', 'archive']),
  state: Type.Enum(['starting', 'running', 'waiting', 'failed'], {
    description: 'waiting goes on by itself as soon as it can; failed needs somebody',
  }),
  detail: Type.String({ maxLength: LONGEST_DETAIL, description: 'What is wrong and what to do' }),
  handed: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Listens handed on since it was started',
  }),
  lag: Type.Union([Type.Integer(), Type.Null()], { description: 'Listens that it has yet to get' }),
})

/** What a process says of one of its systems, as it stands on the topic. */
export type Report = Static<typeof ReportSchema>

const schema = Compile(ReportSchema)

/** What the report is about, so that the topic keeps the last one of each. */
export function reportKey({ process, name }: Pick<Report, 'process' | 'name'>): string {
  return `${process} ${name}`
}

/** @returns null for what is no report: anybody may have written to the topic, and a newer version says things differently */
export function decodeReport(bytes: Buffer): Report | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return schema.Check(value) ? value : null
  } catch {
    return null
  }
}
