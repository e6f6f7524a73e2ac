import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/playhead-jars/', import.meta.url))

/**
 * Returns the jars of a server that only tests start. Maven downloads them the first time.
 * @param pom a file in this folder that lists them
 * @returns class path for Java
 */
export async function mavenJars(pom: string): Promise<string> {
  const file = fileURLToPath(new URL(pom, import.meta.url))
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const folder = join(CACHE, hash.slice(0, 12))
  const partial = `${folder}.${process.pid}`
  if (!(await exists(folder))) {
    await mkdir(CACHE, { recursive: true })
    await rm(partial, { recursive: true, force: true })
    const goal = ['--batch-mode', '--quiet', '--file', file, 'dependency:copy-dependencies']
    await promisify(execFile)('mvn', [...goal, '-DincludeScope=runtime', `-DoutputDirectory=${partial}`])
    // Only a complete download gets the final name.
    await rename(partial, folder)
  }
  return join(folder, '*')
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
