/** Wakes a loop that waits. A ring that comes while the loop does other work ends its next wait at once. */
export interface Bell {
  ring(): void
  /** Waits for a ring, at most this many milliseconds. */
  wait(milliseconds: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wake: () => void = () => {}
  return {
    ring() {
      rung = true
      wake()
    },
    async wait(milliseconds) {
      if (!rung) {
        const woken = Promise.withResolvers<void>()
        wake = woken.resolve
        const limit = setTimeout(woken.resolve, milliseconds)
        await woken.promise
        clearTimeout(limit)
      }
      rung = false
    },
  }
}
