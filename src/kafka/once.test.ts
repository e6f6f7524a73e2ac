import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ONCE_HEADER, onceKeyOf } from './once.ts'

const keyOf = (value: Buffer | null) => onceKeyOf([[Buffer.from(ONCE_HEADER), value]])

describe('a once key', () => {
  it('is unchanged if it is text', () => {
    for (const text of ['post/1', 'é', '\ufffd', '\ufeffa', 'a\0b', '日本', 'playhead.byte'])
      assert.equal(keyOf(Buffer.from(text)), text)
  })

  it('differs from every key with other bytes', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => [
      Buffer.from([byte]),
      Buffer.from([0x61, byte]),
      Buffer.from([0xff, byte]),
      Buffer.from([0xc3, byte]),
    ]).flat()
    const texts = bytes.flatMap((key) => [key, Buffer.from(keyOf(key))])
    const different = new Map(texts.map((key) => [key.toString('hex'), keyOf(key)]))
    assert.equal(new Set(different.values()).size, different.size)
  })

  it('is the first non-empty one', () => {
    const name = Buffer.from(ONCE_HEADER)
    assert.equal(onceKeyOf([]), '')
    assert.equal(
      onceKeyOf([
        [null, Buffer.from('a')],
        [name, null],
        [name, Buffer.alloc(0)],
      ]),
      '',
    )
    assert.equal(
      onceKeyOf([
        [name, null],
        [name, Buffer.from('b')],
        [name, Buffer.from('c')],
      ]),
      'b',
    )
  })
})
