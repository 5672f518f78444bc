import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LAST_PLACE, MORE_PLACES } from '../terms/term-positions.ts'
import { makePlainKernel, makeWordKernel } from './kernel/word-kernel.ts'
import { FIRST_RECORD, LAST_PAIR, LENGTH, TEXT, WINDOW_BYTES } from './kernel/word-layout.ts'
import { MAX_TOKEN_BYTES, TokenScanner } from './token-scanner.ts'
import { recordEnd, TokenTable } from './token-table.ts'

/** A coming of a token in a line, with its packed place. */
type Coming = [token: string, line: number, place: number]

interface Piece {
  readonly start: number
  readonly end: number
}

function textAt(table: TokenTable, record: number): string {
  const start = (record + TEXT) * 4
  return Buffer.from(table.bytes.subarray(start, start + table.words[record + LENGTH]!)).toString('latin1')
}

function listRecords(table: TokenTable): number[] {
  const records: number[] = []
  for (let at = FIRST_RECORD; at < table.end; at = recordEnd(table.words, at)) records.push(at)
  return records
}

/** What comes in the field that was added last. */
function listComings(table: TokenTable): Coming[] {
  const tokens = new Map(
    listRecords(table).map((record) => [
      table.words[record + LAST_PAIR]! - 1 - table.firstPair,
      textAt(table, record),
    ]),
  )
  const { terms, lines, places } = table.comings
  return [...terms].map((term, i) => [tokens.get(term)!, lines[i]!, places[i]!])
}

function addPieces(table: TokenTable, text: Uint8Array, pieces: readonly Piece[]): void {
  table.clear()
  table.beginField()
  table.beginView(0)
  table.beginText(text)
  for (const [line, { start, end }] of pieces.entries()) table.addText(start, end, line)
  table.settle()
}

/** The same by the scanner alone. */
function scanPieces(text: Uint8Array, pieces: readonly Piece[]): Coming[] {
  const scanner = new TokenScanner()
  const out = Buffer.alloc(MAX_TOKEN_BYTES)
  return pieces.flatMap(({ start, end }, line) => {
    const comings = new Map<string, Coming>()
    scanner.start(text, start, end)
    for (let place = 0; ; place++) {
      const length = scanner.next(out, 0)
      if (length === 0) return [...comings.values()]
      const token = out.toString('latin1', 0, length)
      const known = comings.get(token)
      if (known) known[2] |= MORE_PLACES
      else comings.set(token, [token, line, Math.min(place, LAST_PLACE)])
    }
  })
}

// Runs of every length around 16 and 255, with everything that joins, ends or follows a word.
const ascii = fc
  .tuple(
    fc.constantFrom('a', 'Z', '7', '_', ' ', '.', ':', "'", ',', ';', '#', '*', '-', '@', '[', '`', '{', '/'),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      fc.integer({ min: 13, max: 18 }),
      fc.integer({ min: 237, max: 260 }),
    ),
  )
  .map(([character, times]) => character.repeat(times))
const beyond = fc.constantFrom('é', '漢', '\u0301', '#\ufe0f\u20e3', '\u00ad', '𝒜', '\ufffd')
const mixedTexts = fc
  .array(fc.oneof({ weight: 6, arbitrary: ascii }, beyond), { maxLength: 40 })
  .map((parts) => new Uint8Array(Buffer.from(parts.join(''))))
const texts = fc.oneof(
  mixedTexts,
  fc.array(ascii, { maxLength: 60 }).map((parts) => new Uint8Array(Buffer.from(parts.join('')))),
  fc.uint8Array({ maxLength: 80 }),
)

// One for all: what was there before `clear` must not show afterwards.
describe.each([
  ['WebAssembly', new TokenTable(makeWordKernel())],
  ['JavaScript', new TokenTable(makePlainKernel())],
])('the token table by %s', (_, table) => {
  test('finds the words that the scanner finds, whatever stands before and behind a text', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 6 }), (text, cuts) => {
        const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b)
        const pieces = ends.map((end, i) => ({ start: i === 0 ? 0 : ends[i - 1]!, end }))
        addPieces(table, text, pieces)
        expect(listComings(table)).toEqual(scanPieces(text, pieces))
      }),
      { numRuns: 1500 },
    )
  })

  test('finds the words of texts longer than its window, and at the window’s end', () => {
    const word = 'Window.Edge_12 '
    const long = Buffer.from(word.repeat(Math.ceil((WINDOW_BYTES * 2.5) / word.length)))
    for (const size of [
      WINDOW_BYTES - 9,
      WINDOW_BYTES - 8,
      WINDOW_BYTES - 7,
      WINDOW_BYTES,
      long.length - 3,
    ]) {
      const pieces = [
        { start: 3, end: 3 + 100 },
        { start: 103, end: Math.min(103 + size, long.length) },
      ]
      addPieces(table, long, pieces)
      expect(listComings(table)).toEqual(scanPieces(long, pieces))
    }
  })

  test('each distinct token has one record, in the order of first coming, whatever stood behind a candidate', () => {
    const token = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '0'), minLength: 1, maxLength: 20 }),
      fc.constantFrom('x'.repeat(MAX_TOKEN_BYTES), 'x'.repeat(MAX_TOKEN_BYTES - 1), 'same'),
    )
    fc.assert(
      fc.property(fc.array(token, { maxLength: 300 }), (tokens) => {
        addPieces(table, new Uint8Array(0), [])
        for (const [line, text] of tokens.entries())
          table.addToken((out, at) => {
            out.fill(0x21, at + text.length, at + text.length + 7)
            return Buffer.from(text).copy(out, at)
          }, line)
        table.settle()
        expect(listRecords(table).map((record) => textAt(table, record))).toEqual([...new Set(tokens)])
        expect(table.count).toBe(new Set(tokens).size)
        expect(listComings(table)).toEqual(tokens.map((text, line) => [text, line, 0]))
      }),
    )
  })

  test('a token found in a text and one given by its bytes are the same', () => {
    const text = Buffer.from('200 http://a.example/averylongnameofmorethan16bytes 4711')
    addPieces(table, text, [{ start: 0, end: text.length }])
    const { count } = table
    for (const token of ['200', '4711', 'averylongnameofmorethan16bytes'])
      table.addToken((out, at) => Buffer.from(token).copy(out, at), 1)
    table.settle()
    expect(table.count).toBe(count)
  })

  test('tokens keep their records while the table grows', () => {
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `token${i}`).join(' '))
    const pieces = [
      { start: 0, end: 60_000 },
      { start: 60_000, end: 110_000 },
      { start: 110_000, end: text.length },
    ]
    addPieces(table, text, [...pieces, ...pieces])
    const comings = listComings(table)
    expect(comings).toEqual(scanPieces(text, [...pieces, ...pieces]))
    expect(table.count).toBe(new Set(comings.map(([token]) => token)).size)
    table.clear()
    expect(table.count).toBe(0)
  })

  test('pairs of a field are its own, in the order of their coming', () => {
    const text = Buffer.from('a b a c')
    addPieces(table, text, [{ start: 0, end: text.length }])
    table.beginField()
    table.beginView(1)
    table.addText(4, text.length, 0)
    table.settle()
    expect([table.firstPair, table.pairCount]).toEqual([3, 5])
    expect(listComings(table)).toEqual([
      ['a', 0, 0],
      ['c', 0, 1],
    ])
  })
})
