import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteArena } from '../byte-arena.ts'
import { appendPostings, countPostings, decodePostings, encodePostings, forEachPosting } from './postings.ts'

const MAX_ROW = 0xffffffff

function ascending(rows: Iterable<number>): Uint32Array {
  return Uint32Array.from(new Set(rows)).sort()
}

/** Lists of every shape: sparse, dense, with runs. */
const rowLists = fc.oneof(
  fc.array(fc.integer({ min: 0, max: MAX_ROW }), { minLength: 1, maxLength: 50 }).map(ascending),
  fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }).map(ascending),
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 300 })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((runs) => ascending(runs.flatMap(([start, length]) => Array.from({ length }, (_, i) => start + i)))),
)

describe('postings', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(rowLists, (rows) => {
        const bytes = encodePostings(rows)
        expect(decodePostings(bytes)).toEqual(rows)
        expect(countPostings(bytes)).toBe(rows.length)
      }),
      { numRuns: 500 },
    )
  })

  test('are moved by a base', () => {
    const bytes = encodePostings(Uint32Array.of(0, 5, 6))
    expect([...decodePostings(bytes, 1000)]).toEqual([1000, 1005, 1006])
    const seen: number[] = []
    forEachPosting(bytes, 10, (row) => seen.push(row))
    expect(seen).toEqual([10, 15, 16])
  })

  test('one row costs what its number costs', () => {
    expect(encodePostings(Uint32Array.of(31)).length).toBe(1)
    expect(encodePostings(Uint32Array.of(MAX_ROW)).length).toBe(5)
  })

  test('every row of a batch costs a few bytes, every second one a bit each', () => {
    expect(encodePostings(Uint32Array.from({ length: 32_768 }, (_, i) => i)).length).toBeLessThan(6)
    expect(encodePostings(Uint32Array.from({ length: 8000 }, (_, i) => 2 * i)).length).toBeLessThan(2010)
  })

  test('consecutive rows are a run as soon as that is shorter', () => {
    const consecutive = (length: number) => [...encodePostings(Uint32Array.from({ length }, (_, i) => i + 5))]
    const [deltas, runs] = [5 * 4, 5 * 4 + 2]
    expect(consecutive(2)).toEqual([deltas, 0])
    expect(consecutive(3)).toEqual([runs, 2])
    expect(consecutive(128)).toEqual([runs, 127])
    expect(consecutive(129)).toEqual([runs, 0x80, 1])
  })

  test('lists follow each other in an arena', () => {
    const arena = new ByteArena(1)
    const rows = Uint32Array.of(1, 2, 3, 9, 40)
    appendPostings(arena, rows, 0, 3)
    const middle = arena.length
    appendPostings(arena, rows, 3, 5)
    expect([...decodePostings(arena.copy().subarray(0, middle))]).toEqual([1, 2, 3])
    expect([...decodePostings(arena.copy().subarray(middle))]).toEqual([9, 40])
  })

  test('refuses what is no list', () => {
    expect(() => encodePostings(new Uint32Array(0))).toThrow(/at least one row/)
    expect(() => decodePostings(new Uint8Array(0))).toThrow(/ends inside a number/)
    expect(() => decodePostings(Uint8Array.of(0, 0x80))).toThrow(/ends inside a number/)
    expect(() => decodePostings(Uint8Array.of(3))).toThrow(/found 3/)
  })
})
