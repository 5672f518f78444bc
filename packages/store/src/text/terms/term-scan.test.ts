import { parseLuceneRegexp } from '@timeskein/query'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LazyAutomaton } from '../automata/lazy-automaton.ts'
import { drawRegexp } from '../automata/regexp-graph.ts'
import { scanTokens } from '../testing/scan-tokens.ts'
import { TermPacker } from './packed-terms.ts'
import { encodePostings } from './postings.ts'
import { listTerms, readSectionSizes, TermHead } from './term-dictionary.ts'
import { findBlockRange } from './term-scan.ts'

const tokens = fc
  .uniqueArray(
    fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', 'b', '0', 'é', '漢', '\u0001', '😀'),
        minLength: 1,
        maxLength: 9,
      }),
      fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }),
      fc.constantFrom('x'.repeat(255), 'é'.repeat(255)),
    ),
    { maxLength: 400 },
  )
  .map((list) => list.toSorted((a, b) => Buffer.from(a).compare(Buffer.from(b))))

/** Packs tokens; token `i` stands in row `i` of field `i % 3`, and in row `i + 1` of field 7. */
function packTokens(list: readonly string[]): Buffer {
  const packer = new TermPacker()
  for (const [i, token] of list.entries()) {
    const bytes = Buffer.from(token)
    packer.addToken(bytes, 0, bytes.length)
    for (const [field, row] of [
      [i % 3, i],
      [7, i + 1],
    ] as const) {
      const postings = encodePostings(Uint32Array.of(row))
      packer.addPostings(field, postings, 0, postings.length)
    }
  }
  return Buffer.from(packer.finish())
}

describe('a scan of packed terms', () => {
  it('finds each token by itself, and none that is not there', () => {
    fc.assert(
      fc.property(tokens, fc.string({ minLength: 1 }), (list, other) => {
        const packed = packTokens(list)
        for (const token of list) expect(scanTokens(packed, { exact: Buffer.from(token) })).toEqual([token])
        expect(scanTokens(packed, { exact: Buffer.from(other) })).toEqual(list.includes(other) ? [other] : [])
      }),
      { numRuns: 60 },
    )
  })

  it('finds what holds a text, also one that numbers between the tokens look like', () => {
    fc.assert(
      fc.property(
        tokens,
        fc.constantFrom('a', 'ab', '0', '\u0001', 'é', '漢0', 'x'.repeat(9)),
        (list, text) => {
          const expected = list.filter((token) => token.includes(text))
          expect(scanTokens(packTokens(list), { literal: Buffer.from(text) })).toEqual(expected)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('finds what stands between two ends and is accepted', () => {
    fc.assert(
      fc.property(tokens, fc.string({ maxLength: 3 }), fc.string({ maxLength: 3 }), (list, low, high) => {
        const [from, before] = [Buffer.from(low), Buffer.from(high)]
        const accepts = (token: string): boolean => token.length % 2 === 0
        const expected = list.filter(
          (token) =>
            Buffer.from(token).compare(from) >= 0 && Buffer.from(token).compare(before) < 0 && accepts(token),
        )
        expect(scanTokens(packTokens(list), { from, before, accepts })).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  it('finds what an automaton accepts, and asks about what it is not sure of', () => {
    fc.assert(
      fc.property(
        tokens,
        fc.constantFrom(
          ['a.*', /^a/],
          ['[ab]{2}', /^[ab]{2}$/],
          ['.*b0.*', /b0/],
          ['..', /^..$/su],
          ['é.*', /^é/],
          ['[^a]+', /^[^a]+$/],
          ['x{255}', /^x{255}$/],
        ),
        fc.constantFrom('', 'a', 'b0', '漢'),
        (list, [pattern, plain], literal) => {
          const asked: string[] = []
          const accepts = (token: string): boolean => {
            asked.push(token)
            return (plain as RegExp).test(token)
          }
          const graph = drawRegexp(parseLuceneRegexp(pattern as string), false)
          const wanted = { automaton: new LazyAutomaton(graph!), accepts, literal: Buffer.from(literal) }
          const expected = list.filter((token) => (plain as RegExp).test(token) && token.includes(literal))
          expect(scanTokens(packTokens(list), wanted)).toEqual(expected)
          for (const token of asked) expect(token).toMatch(/[^\0-\x7f]/)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads no blocks that an automaton rules out at either end', () => {
    const list = Array.from({ length: 1000 }, (_, i) => `t${String(i).padStart(3, '0')}`)
    const packed = packTokens(list)
    const head = new TermHead(packed.subarray(0, readSectionSizes(packed).head))
    const automaton = new LazyAutomaton(drawRegexp(parseLuceneRegexp('t5[0-9]{2}'), false)!)
    const { first, end } = findBlockRange(head, { automaton })
    expect(head.blockCount).toBe(16)
    expect([first, end]).toEqual([7, 10])
  })

  it('tells blocks that do not end where they say', () => {
    const packed = packTokens(Array.from({ length: 100 }, (_, i) => `token${String(i).padStart(3, '0')}`))
    const { head } = readSectionSizes(packed)
    const automaton = new LazyAutomaton(drawRegexp(parseLuceneRegexp('.*'), false)!)
    for (const length of [
      [0xff, 0xff],
      [0, 0],
      [10, 0],
    ] as const) {
      packed.set(length, head)
      expect(() => scanTokens(packed, { automaton })).toThrow(/words of a segment/)
      expect(() => scanTokens(packed, { accepts: () => true })).toThrow(/words of a segment/)
    }
  })
})

describe('packed terms', () => {
  it('come back with all fields and rows, in their order', () => {
    fc.assert(
      fc.property(tokens, (list) => {
        const terms = [...listTerms(packTokens(list))]
        expect(terms.map(({ token }) => token.toString())).toEqual(list)
        expect(terms.map(({ fields }) => fields)).toEqual(list.map((_, i) => [i % 3, 7]))
        expect(terms.map(({ postings }) => postings.map((one) => Buffer.from(one)))).toEqual(
          list.map((_, i) => [i, i + 1].map((row) => Buffer.from(encodePostings(Uint32Array.of(row))))),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('that were cut short are told from whole ones', () => {
    const packed = packTokens(Array.from({ length: 100 }, (_, i) => `token${String(i).padStart(3, '0')}`))
    const { head, dictionary } = readSectionSizes(packed)
    packed.fill(0xff, head + dictionary - 4, head + dictionary)
    expect(() => [...listTerms(packed)]).toThrow(/words of a segment/)
  })
})
