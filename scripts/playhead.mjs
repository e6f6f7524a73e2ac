#!/usr/bin/env node
// Starts Playhead from whatever state the checkout is in: brings the packages and the page up to date, then runs
// src/main.ts under Node 24. Plain JavaScript for Node 20, because nothing is installed yet when it starts.
import { join } from 'node:path'
import process from 'node:process'
import { NODE_FLAGS, nodeEnvironment, nodeExecutable, ROOT, SetupError } from './checkout.mjs'
import { endLike, run } from './child.mjs'
import { ensurePackages } from './packages.mjs'
import { ensurePage } from './page.mjs'

const WITH_PAGE = ['up', 'serve']
const args = process.argv.slice(2)
const onlyHelp = args.includes('--help') || args.includes('-h')

try {
  await ensurePackages()
  if (WITH_PAGE.includes(args[0]) && !onlyHelp) await ensurePage()
  const main = join(ROOT, 'src', 'main.ts')
  endLike(await run(nodeExecutable(), [...NODE_FLAGS, main, ...args], { env: nodeEnvironment() }))
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
