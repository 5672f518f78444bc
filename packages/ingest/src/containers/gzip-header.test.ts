import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { measureGzipHeader } from './gzip-header.ts'

describe('measureGzipHeader', () => {
  it('measures headers with every optional part, and asks for more while one is not whole', () => {
    const fixed = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]
    const full = Buffer.from([...fixed, 3, 0, 1, 2, 3, 0x61, 0, 0x62, 0x63, 0, 7, 7])
    expect(measureGzipHeader(Buffer.concat([full, Buffer.from('data')]))).toBe(full.length)
    for (let size = 0; size < full.length; size++) expect(measureGzipHeader(full.subarray(0, size))).toBe(0)
    expect(measureGzipHeader(gzipSync('x'))).toBe(10)
  })

  it('knows what is no member', () => {
    for (const bytes of [Buffer.from('garbage'), Buffer.alloc(3), Buffer.from([0x1f, 0x8b, 7])]) {
      expect(measureGzipHeader(bytes)).toBeUndefined()
    }
  })
})
