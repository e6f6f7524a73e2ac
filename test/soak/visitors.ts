import { randomInt } from 'node:crypto'

const QUESTIONS = [
  '/api/listens?limit=100',
  '/api/listens?limit=100&artist=Joji&sort=percent_listened',
  '/api/stats/totals',
  '/api/stats/totals?artist=Mitski',
  '/api/stats/top?by=title&limit=20',
  '/api/stats/top?by=city&limit=20&artist=Burial',
  '/api/catalogue?search=song&limit=20',
  '/api/dead-letters?limit=50',
  '/readyz',
]
const BETWEEN_MS = 250
const STAY_MS = 60_000

/** Asks one question after another until `signal` ends it. @throws Error when one is refused */
export async function askQuestions(url: string, signal: AbortSignal): Promise<void> {
  for (let asked = 0; !signal.aborted; asked++) {
    const path = QUESTIONS[asked % QUESTIONS.length] ?? '/readyz'
    const response = await fetch(url + path)
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}`)
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS))
  }
}

/** Follows the live feed as a browser does: for up to a minute, then it leaves and comes again, until `signal` ends it. */
export async function followAndReconnect(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const leave = AbortSignal.any([signal, AbortSignal.timeout(randomInt(STAY_MS / 2, STAY_MS))])
    try {
      const response = await fetch(`${url}/api/live`, { signal: leave })
      for await (const _chunk of response.body ?? []) if (leave.aborted) break
    } catch (error) {
      if (!leave.aborted) throw error
    }
  }
}
