import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLineBuffer } from './line-buffer.ts'

const read = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)

test('gives the lines that are asked for back, each with the beginning', () => {
  const buffer = createLineBuffer()
  const spans = [
    ['Ágætis byrjun 🎵', 1],
    ['two\nlines', 2],
    [null, 3],
  ].map((row) => buffer.add(JSON.stringify(row)))
  assert.deepEqual(read(buffer.copy('["batch",', spans)), [
    ['batch', 'Ágætis byrjun 🎵', 1],
    ['batch', 'two\nlines', 2],
    ['batch', null, 3],
  ])
  assert.deepEqual(read(buffer.copy('[true,', [...spans.slice(2), ...spans.slice(0, 1)])), [
    [true, null, 3],
    [true, 'Ágætis byrjun 🎵', 1],
  ])
  assert.equal(buffer.copy('[', []).length, 0)
})

test('holds more than it was made for', () => {
  const buffer = createLineBuffer()
  const long = 'é'.repeat(1_000_000)
  const spans = Array.from({ length: 12 }, (_, n) => buffer.add(JSON.stringify([n, long])))
  assert.deepEqual(
    read(buffer.copy('[', spans)),
    Array.from({ length: 12 }, (_, n) => [n, long]),
  )
})

test('has the room of the lines it has forgotten for others, the fewer and the more', () => {
  const buffer = createLineBuffer()
  const fill = (count: number, text: string) =>
    Array.from({ length: count }, (_, n) => buffer.add(JSON.stringify([n, text])))
  const before = fill(1_000, 'before')
  assert.equal(read(buffer.copy('["a",', before)).length, 1_000)
  buffer.clear()
  assert.deepEqual(fill(1_000, 'before'), before)
  for (const [count, text] of [
    [3, 'few'],
    [2_000, 'é'.repeat(10_000)],
    [3, 'few again'],
  ] as const) {
    buffer.clear()
    const spans = fill(count, text)
    assert.deepEqual(
      read(buffer.copy('["b",', spans)),
      Array.from({ length: count }, (_, n) => ['b', n, text]),
    )
  }
})
