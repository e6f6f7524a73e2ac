import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { SystemStateSchema } from './system.ts'

/** Name of the topic on which processes tell each other how the systems are doing that listens of `topic` are handed on to. */
export function reportTopic(topic: string): string {
  return `${topic}.systems`
}

/** How often a process tells how its systems are doing, in milliseconds. */
export const REPORT_MS = 5_000

export const ReportSchema = Type.Object({
  process: Type.String({ maxLength: 100, description: 'The process that tells it' }),
  ...SystemStateSchema.properties,
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
