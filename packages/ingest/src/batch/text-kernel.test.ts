import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COPY_SLACK, MAX_INPUT_BYTES, makeTextKernel } from './text-kernel.ts'

const kernel = makeTextKernel()

describe.skipIf(!kernel)('TextKernel (skipped where WebAssembly has no SIMD)', () => {
  it('copies strings as JSON.parse reads them and stops at the quote', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'é', '日', '😀', '\n', '\\', '"', '/', '\t', ' '),
          maxLength: 80,
        }),
        (text) => {
          const json = JSON.stringify(text)
          const input = kernel!.load(Buffer.from(`${json},"other text that follows"`))!
          const to = kernel!.allocate(400)!
          const stopped = kernel!.copyString(input.byteOffset + 1, to, input.byteOffset + input.length)
          expect(stopped - input.byteOffset + 1).toBe(Buffer.byteLength(json))
          expect(Buffer.from(kernel!.bytes.subarray(to, kernel!.words[0])).toString()).toBe(text)
          kernel!.release()
        },
      ),
    )
  })

  it('writes no further than its slack behind the limit', () => {
    const input = kernel!.load(Buffer.alloc(4096, 'x'))!
    const to = kernel!.allocate(4096)!
    kernel!.bytes.fill(0, to, to + 4096)
    const stopped = kernel!.copyString(input.byteOffset, to, input.byteOffset + 1000)
    expect(stopped - input.byteOffset).toBeLessThan(1016)
    expect(kernel!.bytes.subarray(to + 1000 + COPY_SLACK, to + 4096).every((byte) => byte === 0)).toBe(true)
    kernel!.release()
  })

  it('leaves stretches and columns that are too large to others', () => {
    expect(kernel!.load(Buffer.alloc(MAX_INPUT_BYTES + 1))).toBeUndefined()
    expect(kernel!.allocate(2 ** 30)).toBeUndefined()
  })

  it('writes a text as it is and as a member of a JSON object', () => {
    const name = Buffer.from(',"a name of more than sixteen bytes":"')
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', 'é', '日', '😀', '\n', '\\', '"', '\0', '\x1f', '\x7f'),
          maxLength: 80,
        }),
        (text) => {
          const bytes = Buffer.from(text)
          const input = kernel!.load(Buffer.concat([bytes, Buffer.from('"\\ what follows')]))!
          const [start] = kernel!.keepNames([name])!
          const to = kernel!.allocate(1000)!
          const json = kernel!.allocate(6000)!
          const end = kernel!.writeCell(input.byteOffset, bytes.length, to, start!, name.length, json)
          expect(Buffer.from(kernel!.bytes.subarray(to, to + bytes.length)).equals(bytes)).toBe(true)
          const written = Buffer.from(kernel!.bytes.subarray(json, end)).toString()
          expect(`${written}"`).toBe(`,"a name of more than sixteen bytes":${JSON.stringify(text)}`)
          kernel!.release()
        },
      ),
    )
  })

  it('finds the bytes that are one of three, in its own memory and elsewhere', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ',', '"', '\n'), maxLength: 100 }),
        fc.nat(100),
        (text, cut) => {
          const bytes = Buffer.from(text)
          const start = Math.min(cut, bytes.length)
          const wanted = [...bytes.keys()].filter((at) => at >= start && bytes[at] !== 0x61)
          for (const place of [bytes, kernel!.load(bytes)!]) {
            const count = kernel!.findMarks(place, start, place.length, 0x2c, 0x22, 0x0a)
            expect([...kernel!.marks.subarray(0, count)]).toEqual(wanted)
          }
        },
      ),
    )
  })

  it('keeps no more names than its page holds', () => {
    expect(kernel!.keepNames([Buffer.alloc(70_000)])).toBeUndefined()
  })
})
