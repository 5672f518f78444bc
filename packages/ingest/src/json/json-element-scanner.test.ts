import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonElementScanner } from './json-element-scanner.ts'

describe('JsonElementScanner', () => {
  it('finds the end of any object, in pieces of any size', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), fc.integer({ min: 1, max: 9 }), (value, indent, step) => {
        const text = Buffer.from(JSON.stringify(value, undefined, indent))
        const bytes = Buffer.concat([text, Buffer.from('\n{"next":1}')])
        const scanner = new JsonElementScanner()
        scanner.reset()
        let found = -1
        for (let from = 0; found < 0; from += step) {
          found = scanner.scan(bytes, 0, from, Math.min(from + step, bytes.length))
        }
        expect(found).toBe(text.length)
      }),
    )
  })

  it('ends a broken object before the next one', () => {
    for (const broken of [
      '{"a": "never closed\n',
      '{"a": 1\n',
      '{"a": {"b": 2}\n',
      '{"a": [1, 2}\n',
      '{"a": 1,\n',
    ]) {
      const bytes = Buffer.from(`${broken}{"next": 1}\n`)
      const scanner = new JsonElementScanner()
      scanner.reset()
      expect(scanner.scan(bytes, 0, 0, bytes.length), broken).toBe(broken.length)
    }
  })
})
