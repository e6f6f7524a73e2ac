import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'lightningcss'
import type { Plugin } from 'vite'

const SOURCE = join(import.meta.dirname, 'src')
const CLASS = /\.(-?[A-Za-z_][\w-]*)/g
const WORD = /[A-Za-z_-][\w-]*/g

/** Every word of the page's sources: whatever is used as a class is among them, and it costs little that others are too. */
function words(): Set<string> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(SOURCE, name))
  const texts = [...files, join(import.meta.dirname, 'index.html')].map((path) => readFileSync(path, 'utf8'))
  return new Set(texts.flatMap((text) => text.match(WORD) ?? []))
}

/**
 * Leaves the rules out of a stylesheet of a package that are for classes the page does not use. Tabler comes as one file
 * of some 670 kB, of which the page uses a tenth. A class must stand in the sources as it is, not be put together.
 * @param name how the path of the stylesheet ends
 */
export function withoutUnusedClasses(name: string): Plugin {
  return {
    name: 'without-unused-classes',
    apply: 'build',
    enforce: 'pre',
    transform(code, path) {
      if (!path.endsWith(name)) return null
      const used = words()
      const unusedSymbols = [...new Set([...code.matchAll(CLASS)].map(([, of = '']) => of))].filter(
        (of) => !used.has(of),
      )
      const css = transform({ filename: name, code: Buffer.from(code), minify: true, unusedSymbols })
      return { code: css.code.toString(), map: null }
    },
  }
}
