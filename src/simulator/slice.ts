/** One of several simulators that share a crowd: each plays the listeners of its slice. */
export interface Slice {
  /** From 1 on. */
  part: number
  of: number
}

/** Reads `1/3`; null where it is no slice. */
export function readSlice(text: string): Slice | null {
  const [, part, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  const slice = { part: Number(part), of: Number(of) }
  return slice.part >= 1 && slice.part <= slice.of ? slice : null
}

/** Whether a listener belongs to a slice; each belongs to exactly one. @param userId a UUID */
export function isIn({ part, of }: Slice, userId: string): boolean {
  return Number.parseInt(userId.slice(0, 8), 16) % of === part - 1
}
