import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { SystemStateSchema } from './system.ts'

/** Name of the topic for the status of the outputs of `topic`. */
export function reportTopic(topic: string): string {
  return `${topic}.systems`
}

/** Interval between reports of a process, in milliseconds. */
export const REPORT_MS = 5_000

export const ReportSchema = Type.Object({
  process: Type.String({ maxLength: 100, description: 'Process that reports' }),
  ...SystemStateSchema.properties,
})

/** The status of one output of one process, as a record on the topic. */
export type Report = Static<typeof ReportSchema>

const schema = Compile(ReportSchema)

/** Key of the record: compaction keeps the last report of each output of a process. */
export function reportKey({ process, name }: Pick<Report, 'process' | 'name'>): string {
  return `${process} ${name}`
}

/** @returns null for anything else: others, and newer versions, may write to the topic */
export function decodeReport(bytes: Buffer): Report | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return schema.Check(value) ? value : null
  } catch {
    return null
  }
}
