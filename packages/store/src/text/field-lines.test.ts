import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteArena } from './byte-arena.ts'
import { FieldLines } from './field-lines.ts'
import { decodePostings } from './terms/postings.ts'

// One for all: what a field leaves behind must not show in the next one.
const lines = new FieldLines()

test('a term has the rows of all lines that it stands in, in whatever order they come', () => {
  const line = fc.record({
    terms: fc.uniqueArray(fc.nat(5), { maxLength: 4 }),
    rows: fc.array(fc.nat(3000), { minLength: 1, maxLength: 40 }).map((rows) => rows.sort((a, b) => a - b)),
  })
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (field) => {
      lines.clear()
      const expected = new Map<number, Set<number>>()
      const comings: { term: number; line: number }[] = []
      // Every term stands somewhere, as it does in a field.
      for (const { terms, rows } of [{ terms: [0, 1, 2, 3, 4, 5], rows: [2000] }, ...field]) {
        const number = lines.addLine()
        for (const term of terms) {
          comings.push({ term, line: number })
          expected.set(term, new Set([...(expected.get(term) ?? []), ...rows]))
        }
        for (const row of rows) lines.see(number, row)
      }
      const arena = new ByteArena(16)
      const places: [start: number, end: number][] = []
      const listed = {
        terms: Uint32Array.from(comings, ({ term }) => term),
        lines: Uint32Array.from(comings, ({ line }) => line),
        places: new Uint8Array(comings.length),
      }
      lines.encode(listed, 6, arena, (_, start, end) => places.push([start, end]))
      const rowsAt = (start: number, end: number) =>
        end === 0 ? [start] : [...decodePostings(arena.bytes.subarray(start, end))]
      expect(places.map(([start, end]) => rowsAt(start, end))).toEqual(
        [0, 1, 2, 3, 4, 5].map((term) => [...expected.get(term)!].sort((a, b) => a - b)),
      )
    }),
  )
})
