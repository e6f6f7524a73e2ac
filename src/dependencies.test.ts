import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { PAGE_PACKAGES } from '../scripts/server-packages.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/**
 * The folders of src from the lowest to the highest layer. A folder imports only from folders in the layers
 * below its own; docs/architecture.md explains the order.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['runtime', 'calendar'],
  ['settings', 'listen', 'capacity'],
  ['kafka', 'store'],
  ['catalogue', 'export', 'countries'],
  ['questions', 'intake', 'pipeline', 'outputs', 'simulator'],
  ['api'],
  ['foundation'],
  ['roles'],
  ['commands'],
]

/** The folders of web/src, in the same order. */
const PAGE_LAYERS: readonly (readonly string[])[] = [
  ['format', 'view'],
  ['ui', 'api'],
  ['cells', 'table', 'charts', 'theme'],
  ['filters', 'form', 'live'],
  ['listens', 'data', 'insights', 'pipeline'],
  ['pages'],
  ['shell'],
]

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

/** Asserts that each folder of `root` imports only from lower layers. Files in `root` itself may import anything. */
function assertOneWay(root: string, layers: typeof LAYERS, imports: readonly Import[]): void {
  const folderOf = (path: string) => relative(root, dirname(path)).split('/')[0] ?? ''
  const layerOf = (folder: string) => {
    const layer = layers.findIndex((folders) => folders.includes(folder))
    assert.notEqual(layer, -1, `${root}/${folder} is in no layer of this test`)
    return layer
  }
  for (const { from, to } of imports) {
    if (/\.test\.tsx?$/.test(from)) continue
    const [source, target] = [folderOf(from), folderOf(to)]
    if (source === target || source === '') continue
    assert.ok(layerOf(source) > layerOf(target), `${from} may not import ${to}`)
  }
}

/** A way along imports from a file back to itself; null where there is none. */
function cycleIn(imports: readonly Import[]): string[] | null {
  const targets = Map.groupBy(imports, ({ from }) => from)
  const done = new Set<string>()
  const way: string[] = []
  const visit = (file: string): string[] | null => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file)) return null
    way.push(file)
    for (const { to } of targets.get(file) ?? []) {
      const cycle = visit(to)
      if (cycle !== null) return cycle
    }
    way.pop()
    done.add(file)
    return null
  }
  for (const file of targets.keys()) {
    const cycle = visit(file)
    if (cycle !== null) return cycle
  }
  return null
}

describe('dependencies', () => {
  it('never lead from a file of the API or of the questions back to itself, types included', async () => {
    for (const folder of ['src/api', 'src/questions'])
      assert.equal(cycleIn(await importsOf(folder))?.join(' imports '), undefined)
  })

  it('point one way: a folder of src imports only from the folders below it', async () => {
    const imports = await importsOf('src')
    assert.ok(imports.length > 100)
    assertOneWay('src', LAYERS, imports)
  })

  it('point one way in the page too', async () => {
    const imports = (await importsOf('web/src')).filter(({ to }) => to.startsWith('web/src/'))
    assert.ok(imports.length > 100)
    assertOneWay('web/src', PAGE_LAYERS, imports)
  })

  it('of the page on the server are types, and the plain rules of a listen, the calendar and a cell', async () => {
    const crossing = (await importsOf('web/src')).filter(({ to }) => to.startsWith('src/'))
    assert.ok(crossing.length > 0)
    for (const { from, to, typeOnly } of crossing)
      assert.ok(
        typeOnly || /^src\/(calendar|listen)\//.test(to) || to === 'src/export/csv-cell.ts',
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

  it('on the environment are in src/settings/config.ts alone', async () => {
    const files = await readdir(join(ROOT, 'src'), { recursive: true })
    for (const name of files) {
      if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name === 'settings/config.ts') continue
      const text = await readFile(join(ROOT, 'src', name), 'utf8')
      assert.doesNotMatch(text, /process\.env/, `src/${name} reads the environment`)
    }
  })
})
