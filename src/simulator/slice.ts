/** One part of a crowd that several simulators share. */
export interface Slice {
  /** Starts at 1. */
  part: number
  of: number
}

/** Parses `1/3`; null if invalid. */
export function readSlice(text: string): Slice | null {
  const [, part, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const slice = { part: Number(part), of: Number(of) }
  return slice.part >= 1 && slice.part <= slice.of ? slice : null
}

/** Whether a listener belongs to a slice. Each belongs to exactly one. @param userId a UUID */
export function isIn({ part, of }: Slice, userId: string): boolean {
  return Number.parseInt(userId.slice(0, 8), 16) % of === part - 1
}
