import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePostings } from './postings.ts'
import { RowSet } from './row-set.ts'
import { RowSetBuilder } from './row-set-builder.ts'

/** Two sets over one universe, of densities that take every representation. */
const pairs = fc.integer({ min: 1, max: 3000 }).chain((universe) => {
  const rows = fc.oneof(
    fc.array(fc.integer({ min: 0, max: universe - 1 }), { maxLength: 10 }),
    fc.array(fc.integer({ min: 0, max: universe - 1 }), { maxLength: 2000 }),
  )
  return fc.record({ universe: fc.constant(universe), a: rows, b: rows, expected: fc.nat(200) })
})

function build(rows: Iterable<number>, universe: number, expected?: number): RowSet {
  const builder = new RowSetBuilder(universe, expected)
  for (const row of rows) builder.add(row)
  return builder.finish()
}

function sorted(rows: Iterable<number>): number[] {
  return [...rows].sort((x, y) => x - y)
}

describe('row sets', () => {
  test('agree with sets', () => {
    fc.assert(
      fc.property(pairs, ({ universe, a, b, expected }) => {
        const left = new Set(a)
        const right = new Set(b)
        const x = build(a, universe, expected)
        expect([...build(sorted(left), universe, left.size)]).toEqual(sorted(left))
        const y = build(b, universe)
        expect(x.count).toBe(left.size)
        expect([...x]).toEqual(sorted(left))
        expect([...x.and(y)]).toEqual(sorted(left.intersection(right)))
        expect([...x.or(y)]).toEqual(sorted(left.union(right)))
        expect([...x.andNot(y)]).toEqual(sorted(left.difference(right)))
        const all = new Set(Array.from({ length: universe }, (_, i) => i))
        expect([...x.not()]).toEqual(sorted(all.difference(left)))
        expect(x.not().count).toBe(universe - left.size)
        for (const row of b) {
          expect(x.has(row)).toBe(left.has(row))
          expect(x.nextFrom(row)).toBe(sorted(left).find((one) => one >= row) ?? -1)
        }
        expect(x.last).toBe(Math.max(-1, ...left))
        const every = RowSet.all(universe)
        expect([...every]).toEqual(sorted(all))
        expect([...x.and(every), ...every.and(x)]).toEqual([...x, ...x])
        expect([...x.or(every), ...every.or(x)]).toEqual([...every, ...every])
        expect([...x.andNot(every)]).toEqual([])
        expect([...x.andNot(x), ...x.not().and(x)]).toEqual([])
        expect([...every.andNot(x)]).toEqual([...x.not()])
      }),
      { numRuns: 300 },
    )
  })

  test('are united from posting lists of every coding, wherever they begin', () => {
    const dense = fc.array(fc.nat(3000), { minLength: 1, maxLength: 3000 })
    const sparse = fc.array(fc.nat(3000), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(fc.oneof(dense, sparse), { maxLength: 4 }), fc.nat(100), (lists, base) => {
        const builder = new RowSetBuilder(3200)
        for (const list of lists)
          builder.addPostings(encodePostings(Uint32Array.from(sorted(new Set(list)))), base)
        expect([...builder.finish()]).toEqual(sorted(new Set(lists.flat().map((row) => row + base))))
      }),
      { numRuns: 300 },
    )
  })

  test('refuse posting lists that go beyond them', () => {
    const everyOther = encodePostings(Uint32Array.from({ length: 2000 }, (_, i) => 2 * i))
    expect(() => new RowSetBuilder(3998).addPostings(everyOther, 0)).toThrow(
      /below 3998 expected, found 3998/,
    )
    expect(() => new RowSetBuilder(3999).addPostings(everyOther, 0)).not.toThrow()
  })

  test('can be asked for a stretch', () => {
    fc.assert(
      fc.property(pairs, fc.nat(3000), fc.nat(3000), ({ universe, a }, start, end) => {
        const set = build(a, universe)
        const wanted = sorted(new Set(a)).filter((row) => row >= start && row < end)
        expect([...set.toArray(start, end)]).toEqual(wanted)
        expect(set.countIn(start, end)).toBe(wanted.length)
      }),
    )
  })

  test('of few rows in many are found by galloping', () => {
    const universe = 1_000_000
    const many = RowSet.fromSorted(
      Uint32Array.from({ length: 30_000 }, (_, i) => i * 33),
      universe,
    )
    const few = RowSet.fromSorted(Uint32Array.of(0, 34, 33 * 17, 33 * 29_999, 999_999), universe)
    expect([...few.and(many)]).toEqual([0, 33 * 17, 33 * 29_999])
    expect([...few.andNot(many)]).toEqual([34, 999_999])
  })

  test('gather posting lists with their bases', () => {
    const builder = new RowSetBuilder(200)
    builder.addPostings(encodePostings(Uint32Array.of(1, 2, 3)), 100)
    builder.addPostings(encodePostings(Uint32Array.of(2, 7)), 0)
    builder.addSet(RowSet.range(196, 200, 200))
    expect([...builder.finish()]).toEqual([2, 7, 101, 102, 103, 196, 197, 198, 199])
  })

  test('know everything and nothing', () => {
    expect(RowSet.all(70).count).toBe(70)
    expect(RowSet.all(70).not().count).toBe(0)
    expect(RowSet.none(70).not().count).toBe(70)
    expect(RowSet.all(0).count).toBe(0)
    expect(RowSet.all(64).not().count).toBe(0)
    expect(RowSet.none(5).has(-1)).toBe(false)
  })

  test('refuse rows and sets of another universe', () => {
    expect(() => build([5], 5)).toThrow(/rows below 5 expected, found 5/)
    expect(() => RowSet.all(5).and(RowSet.all(6))).toThrow(/one universe/)
  })
})
