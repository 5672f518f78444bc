import fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeBatch } from './contract/make-batch.ts'
import { hashRows } from './row-hash.ts'

it('gives equal rows equal hashes wherever they stand, and others others', () => {
  const rows = [{ a: 'x' }, { a: 'xy' }, { a: 'x' }, {}, { b: 'x' }, { a: 'x\0' }, { a: 'x\0\0' }]
  const hashes = hashRows(makeBatch(rows).source, rows.length)
  expect(hashes[0]).toBe(hashes[2])
  expect(new Set(hashes).size).toBe(rows.length - 1)
})

it('is the function that stored indexes were written with', () => {
  const rows = ['{"message":"first"}', '{}', '{"n":1}']
  const { source } = makeBatch(rows)
  expect([...hashRows(source, rows.length)].map((hash) => hash.toString(16))).toMatchInlineSnapshot(`
    [
      "9a28a063278bc1e",
      "3cdfb834a2c0dd4d",
      "ffb88530818e969e",
    ]
  `)
})

it('spreads rows that differ in little', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => ({ n }))
  const hashes = hashRows(makeBatch(rows).source, rows.length)
  const halves = [...hashes].flatMap((hash) => [`l${hash & 0xffffffffn}`, `h${hash >> 32n}`])
  expect(new Set(hashes).size).toBe(rows.length)
  expect(new Set(halves).size).toBeGreaterThan(rows.length * 2 - 20)
})

it('gives a row the same hash whatever rows of whatever length stand beside it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 9 }), (rows) => {
      const offsets = new Uint32Array(rows.length + 1)
      rows.forEach((row, i) => {
        offsets[i + 1] = offsets[i]! + row.length
      })
      const bytes = Uint8Array.from(rows.flatMap((row) => [...row]))
      const alone = rows.map((row) => hashRows({ bytes: row, offsets: Uint32Array.of(0, row.length) }, 1)[0])
      expect([...hashRows({ bytes, offsets }, rows.length)]).toEqual(alone)
    }),
  )
})
