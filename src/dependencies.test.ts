import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PAGE_PACKAGES } from '../scripts/server-packages.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** Which folders of src a folder may import from; docs/architecture.md says why. Files beside them are for all. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  listen: [],
  capacity: [],
  systems: ['kafka'],
  sinks: ['listen', 'kafka', 'systems'],
  connect: ['listen', 'kafka', 'systems'],
  kafka: [],
  store: ['listen'],
  catalogue: ['listen', 'store'],
  archive: ['store', 'systems'],
  questions: ['listen', 'store'],
  export: ['listen'],
  pipeline: ['listen', 'kafka', 'store', 'catalogue'],
  simulator: ['listen', 'catalogue'],
  api: ['listen', 'kafka', 'store', 'catalogue', 'questions', 'export', 'systems'],
  roles: [
    'listen',
    'kafka',
    'store',
    'catalogue',
    'questions',
    'archive',
    'export',
    'pipeline',
    'simulator',
    'systems',
    'sinks',
    'connect',
    'api',
  ],
  commands: [
    'capacity',
    'listen',
    'kafka',
    'store',
    'catalogue',
    'questions',
    'archive',
    'export',
    'pipeline',
    'simulator',
    'systems',
    'sinks',
    'connect',
    'api',
    'roles',
  ],
}

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

async function importsOf(folder: string): Promise<Import[]> {
  const files = (await readdir(join(ROOT, folder), { recursive: true })).filter((name) =>
    /\.tsx?$/.test(name),
  )
  const found: Import[] = []
  for (const name of files) {
    const from = join(folder, name)
    const text = await readFile(join(ROOT, from), 'utf8')
    const pattern = /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm
    for (const [, type, specifier, dynamic] of text.matchAll(pattern)) {
      const to = relative(ROOT, join(ROOT, dirname(from), specifier ?? dynamic ?? ''))
      found.push({ from, to, typeOnly: type !== undefined })
    }
  }
  return found
}

const folderOf = (path: string) => (path.split('/').length > 2 ? (path.split('/')[1] ?? '') : '')

describe('dependencies', () => {
  it('point one way: a folder of src imports only from the folders below it', async () => {
    const imports = await importsOf('src')
    assert.ok(imports.length > 100)
    for (const { from, to } of imports) {
      if (from.endsWith('.test.ts') || from === 'src/main.ts') continue
      const [source, target] = [folderOf(from), folderOf(to)]
      if (source === target) continue
      const allowed = source === '' ? [] : MAY_IMPORT[source]
      assert.ok(allowed !== undefined, `${source} is a folder that this test does not know`)
      assert.ok(target === '' || allowed.includes(target), `${from} may not import ${to}`)
    }
  })

  it('of the page on the server are types, and the plain rules of a listen and of a cell', async () => {
    const crossing = (await importsOf('web/src')).filter(({ to }) => to.startsWith('src/'))
    assert.ok(crossing.length > 0)
    for (const { from, to, typeOnly } of crossing)
      assert.ok(
        typeOnly || to.startsWith('src/listen/') || to === 'src/export/csv-cell.ts',
        `${from} may import only types of ${to}`,
      )
  })

  it('on packages are none of those that the image of the server is made without', async () => {
    for (const name of await readdir(join(ROOT, 'src'), { recursive: true })) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue
      const text = await readFile(join(ROOT, 'src', name), 'utf8')
      const imported = [...text.matchAll(/(?:from |import\()'([^'.][^':]*)'/g)].map(([, name = '']) => name)
      for (const left of PAGE_PACKAGES)
        assert.ok(!imported.some((name) => `${name}/`.startsWith(`${left}/`)), `src/${name} needs ${left}`)
    }
    const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    for (const left of PAGE_PACKAGES) assert.ok(left in dependencies, `${left} is no dependency any more`)
  })

  it('on the environment are in src/config.ts alone', async () => {
    const files = await readdir(join(ROOT, 'src'), { recursive: true })
    for (const name of files) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name === 'config.ts') continue
      const text = await readFile(join(ROOT, 'src', name), 'utf8')
      assert.doesNotMatch(text, /process\.env/, `src/${name} reads the environment`)
    }
  })
})
