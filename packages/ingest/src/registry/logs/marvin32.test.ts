import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { hashMarvin32 } from './marvin32.ts'

it('is the hash that other readers of the registry calculate', () => {
  expect(hashMarvin32(Buffer.alloc(0))).toEqual([0x03966e08, 0xb39efca4])
  expect(hashMarvin32(Buffer.alloc(32))).toEqual([0xc5359223, 0xda91a06a])
  expect(hashMarvin32(Buffer.from(Array.from({ length: 64 }, (_, i) => i)))).toEqual([0xcf48022e, 0x676c06ad])
})
