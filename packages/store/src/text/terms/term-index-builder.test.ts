import type { Column, EventBatch } from '@timeskein/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makePlainKernel } from '../tokens/kernel/word-kernel.ts'
import { tokenizeText } from '../tokens/standard-tokenizer.ts'
import { TokenTable } from '../tokens/token-table.ts'
import type { PackedTerms } from './packed-terms.ts'
import { matchesPhrase } from './phrase-match.ts'
import { decodePostings } from './postings.ts'
import { listTerms as listPackedTerms } from './term-dictionary.ts'
import { TermIndexBuilder, valueToken } from './term-index-builder.ts'
import { PHRASE_VERDICTS, placePhrase } from './term-positions.ts'

type Value = string | bigint | number | boolean
interface Entry {
  readonly row: number
  readonly field: string
  readonly value: Value
}

const values = fc.oneof(
  fc.constantFrom('Logon failed', 'a\nb\nC:\\Windows\\x.exe', 'a\nb', '', 'été 漢字', '42', 'true'),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  fc.constantFrom(42n, -5n, 9_007_199_254_740_993n, 0.25, -0, 1e21, true, false),
)
const entryLists = fc.array(
  fc.record({
    row: fc.nat(40),
    field: fc.constantFrom('message', 'user.name', '__proto__', ''),
    value: values,
  }),
  { maxLength: 150 },
)

function makeBatch(entries: readonly Entry[], rowCount: number): EventBatch {
  const columns: Column[] = []
  const groups = Map.groupBy(
    entries.toSorted((a, b) => a.row - b.row),
    (entry) => `${typeof entry.value} ${entry.field}`,
  )
  for (const group of groups.values()) {
    const { field } = group[0]!
    const rows = Uint32Array.from(group, (entry) => entry.row)
    const list = group.map((entry) => entry.value)
    switch (typeof list[0]) {
      case 'string': {
        const texts = list.map((text) => new TextEncoder().encode(String(text)))
        const offsets = new Uint32Array(list.length + 1)
        texts.forEach((text, i) => {
          offsets[i + 1] = offsets[i]! + text.length
        })
        const bytes = new Uint8Array(Buffer.concat(texts))
        columns.push({ field, kind: 'string', rows, values: { kind: 'string', bytes, offsets } })
        break
      }
      case 'bigint':
        columns.push({
          field,
          kind: 'integer',
          rows,
          values: { kind: 'integer', numbers: BigInt64Array.from(list, (value) => BigInt(value)) },
        })
        break
      case 'number':
        columns.push({
          field,
          kind: 'real',
          rows,
          values: { kind: 'real', numbers: Float64Array.from(list, (value) => Number(value)) },
        })
        break
      default:
        columns.push({
          field,
          kind: 'boolean',
          rows,
          values: { kind: 'boolean', bits: Uint8Array.from(list, (value) => Number(value)) },
        })
    }
  }
  return {
    rowCount,
    timesUs: new BigInt64Array(rowCount),
    nanos: undefined,
    columns,
    source: { bytes: new Uint8Array(0), offsets: new Uint32Array(rowCount + 1) },
    lines: new Float64Array(rowCount),
  }
}

function expectedTerms(entries: readonly Entry[]): Map<string, number[]> {
  const terms = new Map<string, Set<number>>()
  for (const { row, field, value } of entries) {
    for (const token of typeof value === 'string' ? tokenizeText(value) : [valueToken(value)]) {
      const key = JSON.stringify([token, field])
      terms.set(key, (terms.get(key) ?? new Set()).add(row))
    }
  }
  return new Map([...terms].map(([key, rows]) => [key, [...rows].sort((a, b) => a - b)]))
}

type TermRow = [token: string, fieldNumber: number, rows: number[]]

function listTerms(index: PackedTerms, view: 'words' | 'whole' = 'words'): TermRow[] {
  return listPairs(index).flatMap(([token, field, bytes]): TermRow[] =>
    index.fields[field]!.view === view ? [[token, field, [...decodePostings(bytes)]]] : [],
  )
}

function listPairs(index: PackedTerms): [token: string, fieldNumber: number, bytes: Uint8Array][] {
  return [...listPackedTerms(Buffer.from(index.bytes))].flatMap(({ token, fields, postings }) =>
    fields.map((field, i): [string, number, Uint8Array] => [token.toString(), field, postings[i]!]),
  )
}

// One for all: what a batch leaves behind must not show in the next one.
const builder = new TermIndexBuilder()
const plainBuilder = new TermIndexBuilder(new TokenTable(makePlainKernel()))

describe('the term index of a batch', () => {
  test('holds every token of every field with its rows, and nothing else', () => {
    fc.assert(
      fc.property(entryLists, (entries) => {
        const index = builder.build(makeBatch(entries, 41))
        expect(plainBuilder.build(makeBatch(entries, 41))).toEqual(index)
        const found = new Map(
          listTerms(index).map(([token, number, rows]) => [
            JSON.stringify([token, index.fields[number]!.name]),
            rows,
          ]),
        )
        expect(found).toEqual(expectedTerms(entries))
        expect(found.size).toBe(listTerms(index).length)
      }),
      { numRuns: 300 },
    )
  })

  test('ascends by token bytes, then by field number', () => {
    const words = Array.from({ length: 3000 }, (_, i) => `w${(i * 7919) % 3001}x${'é'.repeat(i % 5)}`)
    const index = builder.build(
      makeBatch(
        words.map((value, row) => ({
          row,
          field: row % 3 ? 'a' : 'b',
          value: `${value} same_long_beginning_${row}`,
        })),
        3000,
      ),
    )
    const terms = listPairs(index)
    for (let i = 1; i < terms.length; i++) {
      const order = Buffer.compare(Buffer.from(terms[i - 1]![0]), Buffer.from(terms[i]![0]))
      expect(order < 0 || (order === 0 && terms[i - 1]![1] < terms[i]![1])).toBe(true)
    }
  })

  test('does not depend on whether lines repeat', () => {
    const entries = Array.from({ length: 5000 }, (_, row) => ({
      row,
      field: 'message',
      value: row < 2500 ? `line ${row}\nunique${row}` : 'line again\nand again',
    }))
    const index = builder.build(makeBatch(entries, 5000))
    const terms = new Map(listTerms(index).map(([token, , rows]) => [token, rows]))
    expect(terms.get('line')!.length).toBe(5000)
    expect(terms.get('again')).toEqual(Array.from({ length: 2500 }, (_, i) => 2500 + i))
    expect(terms.get('unique7')).toEqual([7])
  })

  test('lists whole values where few different ones come often, each with its rows', () => {
    const hosts = ['WS-01.corp', 'ws-01.corp', 'DC 1', '']
    const entries = Array.from({ length: 2000 }, (_, row) => ({
      row,
      field: 'host',
      value: hosts[(row * row) % hosts.length]!,
    }))
    const listed = listTerms(builder.build(makeBatch(entries, 2000)), 'whole')
    const rowsOf = (host: string) => entries.filter(({ value }) => value === host).map(({ row }) => row)
    expect(listed.map(([token, , rows]) => [token, rows])).toEqual(
      ['DC 1', 'WS-01.corp', 'ws-01.corp']
        .map((host) => [`\0${host}`, rowsOf(host)])
        .filter(([, rows]) => rows!.length > 0),
    )
  })

  test.each([
    ['are many', (row: number) => `value ${row}`],
    ['have several lines', (row: number) => `first\nsecond ${row % 2}`],
    ['end with a line feed', () => 'line\n'],
    ['are too long for a token', (row: number) => 'x'.repeat(800 + (row % 2))],
  ])('lists no whole values of a field whose values %s', (_, textOf) => {
    const entries = Array.from({ length: 2000 }, (_, row) => ({ row, field: 'f', value: textOf(row) }))
    const index = builder.build(makeBatch(entries, 2000))
    expect(index.fields.map(({ view }) => view)).not.toContain('whole')
  })

  test('places of frequent words tell phrases as the text does', () => {
    const word = fc.constantFrom('accepted', 'password', 'for', 'user1', 'from', 'x'.repeat(600))
    const texts = fc.array(word, { maxLength: 140 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 8 }), fc.array(word), (some, phrase) => {
        fc.pre(phrase.length > 1)
        const entries = Array.from({ length: 400 }, (_, row) => ({
          row,
          field: 'message',
          value: `${some[row % some.length]!}${row % 3 === 0 ? '' : ` ${row}`}`,
        }))
        const index = builder.build(makeBatch(entries, 400))
        const pairs = listPairs(index)
        const bytesOf = (token: string, view: string) =>
          pairs.find(([text, field]) => text === token && index.fields[field]!.view === view)?.[2]
        const words = phrase.flatMap((text) => tokenizeText(text))
        const placed = words.map((token) => ({
          postings: bytesOf(token, 'words'),
          places: bytesOf(token, 'places'),
        }))
        if (placed.some(({ postings }) => !postings)) return
        const judge = placePhrase(
          placed.map(({ postings, places }) => ({ postings: postings!, places })),
          400,
        )
        if (!judge) return
        for (const { row, value } of entries) {
          const tokens = tokenizeText(value)
          if (!words.every((token) => tokens.includes(token))) continue
          const verdict = judge(row)
          if (verdict === PHRASE_VERDICTS.unsure) continue
          expect(verdict === PHRASE_VERDICTS.present).toBe(matchesPhrase(value, words, 0, false))
        }
      }),
    )
  })

  test('places are known of template words, once for all rows where they are equal', () => {
    const entries = Array.from({ length: 1000 }, (_, row) => ({
      row,
      field: 'message',
      value: `Accepted password for user${row} from ${row % 7 ? 'the host' : 'host'}`,
    }))
    const index = builder.build(makeBatch(entries, 1000))
    const places = listPairs(index).filter(([, field]) => index.fields[field]!.view === 'places')
    expect(places.map(([token, , bytes]) => [token, bytes.length])).toEqual([
      ['accepted', 1],
      ['for', 1],
      ['from', 1],
      ['host', 1000],
      ['password', 1],
      ['the', 1],
    ])
  })

  test('takes a text all of whose many words come again', () => {
    const words = Array.from({ length: 20_000 }, (_, i) => `w${i}`)
    const listed = words.map(() => 0)
    const value = [...words, ...words].join(' ')
    const terms = listTerms(builder.build(makeBatch([{ row: 0, field: 'f', value }], 1)))
    expect(terms.map(([, , rows]) => rows[0])).toEqual(listed)
  })

  test('takes text of any length', () => {
    const value = `${'x'.repeat(3_000_000)} ${'word '.repeat(300_000)}end`
    const terms = listTerms(builder.build(makeBatch([{ row: 0, field: 'f', value }], 1)))
    expect(terms.map(([token]) => token.length)).toEqual([3, 4, 3_000_000 % 255, 255])
  })

  test('takes ten thousand fields', () => {
    const entries = Array.from({ length: 10_000 }, (_, i) => ({ row: 0, field: `f${i}`, value: 'same' }))
    const index = builder.build(makeBatch(entries, 1))
    expect(index.fields.length).toBe(10_000)
    expect(listTerms(index).map(([, field]) => field)).toEqual(entries.map((_, i) => i))
  })

  test('of nothing is empty', () => {
    const index = builder.build(makeBatch([], 0))
    expect(listTerms(index)).toEqual([])
  })
})
