import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const FOLDERS = ['', 'docs', 'ops']

async function documents(): Promise<{ file: string; text: string }[]> {
  const names = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(join(ROOT, folder)))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    ),
  )
  return Promise.all(
    names.flat().map(async (file) => ({ file, text: await readFile(join(ROOT, file), 'utf8') })),
  )
}

/** The anchors of a document, as GitHub derives them from headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)]
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

describe('the documents', () => {
  it('link only to files and headings that exist', async () => {
    for (const { file, text } of await documents())
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue
        const [path = '', anchor] = target.split('#')
        const linked = path === '' ? join(ROOT, file) : resolve(ROOT, dirname(file), path)
        assert.ok(existsSync(linked), `${file} links to ${target}`)
        if (anchor !== undefined)
          assert.ok(
            anchorsOf(await readFile(linked, 'utf8')).has(anchor),
            `${file} links to the heading ${target}`,
          )
      }
  })

  it('name only files that exist', async () => {
    const path = /`((?:src|web|test|docs|bench|scripts|schema|ops|connect|batch|containers)\/[\w./-]*\w\/?)`/g
    for (const { file, text } of await documents())
      for (const [, named = ''] of text.matchAll(path))
        assert.ok(existsSync(join(ROOT, named)), `${file} names ${named}`)
  })

  it('name only tests that exist', async () => {
    const folders = await Promise.all(
      ['src', 'web', 'test'].map((folder) => readdir(join(ROOT, folder), { recursive: true })),
    )
    const tests = folders.flat().map((name) => `/${name}`)
    for (const { file, text } of await documents())
      for (const [, named = ''] of text.matchAll(/`([\w./-]+\.test\.ts)`/g))
        assert.ok(
          existsSync(join(ROOT, named)) || tests.some((name) => name.endsWith(`/${named}`)),
          `${file} names ${named}`,
        )
  })

  it('name only scripts and commands that exist', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    const main = await readFile(join(ROOT, 'src', 'main.ts'), 'utf8')
    const parts = await readFile(join(ROOT, 'scripts', 'test.mjs'), 'utf8')
    for (const { file, text } of await documents()) {
      for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g))
        assert.ok(script in scripts, `${file} names npm run ${script}`)
      for (const [, command = ''] of text.matchAll(/npx playhead ([a-z]+)/g))
        assert.match(main, new RegExp(`^ {2}${command}: `, 'm'), `${file} names npx playhead ${command}`)
      for (const [, part = ''] of text.matchAll(/npm test -- ([a-z]+)\b(?!\/)/g))
        assert.match(parts, new RegExp(`^ {2}${part}: `, 'm'), `${file} names npm test -- ${part}`)
    }
  })
})
