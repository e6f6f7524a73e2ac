/// <reference lib="dom" />
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * Runs axe on the page after all transitions have ended. Returns each violation with its element;
 * empty when there are none.
 */
export async function violations(page: Page): Promise<string[]> {
  // The policy of the page allows no script that is not its own; a debugger's evaluation is not held by it.
  await page.evaluate(await readFile(AXE, 'utf8'))
  const found = await page.evaluate(async () => {
    // Text that is half faded in has too little contrast, and nobody reads it then. What repeats for ever has no end to go to.
    for (const animation of document.getAnimations())
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish()
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } }
    const { violations, passes } = await axe.run()
    return { violations, checked: passes.length }
  })
  // A page on which nothing could be checked would pass for a good one.
  if (found.checked < 10) throw new Error(`axe checked only ${found.checked} rules`)
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}
