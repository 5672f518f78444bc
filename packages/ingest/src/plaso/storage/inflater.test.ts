import { Buffer } from 'node:buffer'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Inflater } from './inflater.ts'

const TEXTS = ['', 'a', '{"a": "b"}', 'x'.repeat(100_000), 'long '.repeat(50_000), 'é'.repeat(70_000)]

describe('an inflater', () => {
  it('unpacks one text after the other, whatever their sizes', () => {
    const inflater = new Inflater()
    const found = [...TEXTS, ...TEXTS].map((text) => inflater.inflate(deflateSync(text)).toString())
    expect(found).toEqual([...TEXTS, ...TEXTS])
  })

  it('goes on behind what does not unpack', () => {
    const inflater = new Inflater()
    const whole = deflateSync('whole')
    const wrong = Buffer.from(whole).fill(0xff, 2, 4)
    for (const bytes of [whole.subarray(0, 4), wrong, Buffer.from('no zlib'), new Uint8Array(0)]) {
      expect(() => inflater.inflate(bytes)).toThrow(/end of file|incorrect|invalid/)
      expect(String(inflater.inflate(whole))).toBe('whole')
    }
  })

  it('stops at what unpacks to more than a container may have', () => {
    const inflater = new Inflater()
    expect(() => inflater.inflate(deflateSync(Buffer.alloc(33 * 1024 * 1024)))).toThrow(/larger than/)
    expect(String(inflater.inflate(deflateSync('small')))).toBe('small')
  })
})
