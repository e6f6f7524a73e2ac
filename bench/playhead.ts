import { once } from 'node:events'
import { spawnPlayhead } from '../test/support/playhead.ts'

/** Runs a command of Playhead to its end. @returns its exit code and all that it wrote */
export async function runPlayhead(
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawnPlayhead(args, env)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}
