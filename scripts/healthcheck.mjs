// Health check of containers: exits with 0 while the local Playhead reports that it is alive.
import { env, exit } from 'node:process'

const port = env.METRICS_PORT || env.PORT || 5000
const path = process.argv[2] ?? '/healthz'
const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4_000) }).catch(
  () => null,
)
exit(answer?.ok ? 0 : 1)
