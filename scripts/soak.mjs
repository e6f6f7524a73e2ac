// `npm run test:soak`: ten minutes of steady load. Plain JavaScript for Node 20, like playhead.mjs.
import { join } from 'node:path'
import process from 'node:process'
import { NODE_FLAGS, nodeEnvironment, nodeExecutable, ROOT, SetupError } from './checkout.mjs'
import { endLike, run } from './child.mjs'
import { ensurePackages } from './packages.mjs'
import { ensurePage } from './page.mjs'

try {
  await ensurePackages({ development: true })
  await ensurePage()
  for (const script of [join('scripts', 'jars.mjs'), join('test', 'soak', 'soak.ts')]) {
    const end = await run(nodeExecutable(), [...NODE_FLAGS, script], { cwd: ROOT, env: nodeEnvironment() })
    if (end.code !== 0 || end.signal !== null) {
      endLike(end)
      break
    }
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
