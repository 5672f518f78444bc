import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_TOKEN_BYTES } from './token-scanner.ts'
import { FIRST_RECORD, LENGTH, recordEnd, STAMP, TEXT, TokenTable } from './token-table.ts'

// One for all: what was there before `clear` must not show afterwards.
const table = new TokenTable()

/** Proposes all texts; gives each with the record that it settled on. */
function intern(texts: readonly string[]): [text: string, record: number][] {
  const pairs: [string, number][] = []
  const settle = () => {
    const count = table.settle()
    for (let i = 0; i < count; i++) pairs.push([texts[table.tags[i]!]!, table.found[i]!])
  }
  for (const [i, text] of texts.entries()) {
    if (table.isFull) settle()
    table.candidates.set(Buffer.from(`${text}!!!!!!!`), table.candidateAt)
    table.propose(text.length, i)
  }
  settle()
  return pairs
}

function textAt(record: number): string {
  const start = (record + TEXT) * 4
  return Buffer.from(table.bytes.subarray(start, start + table.words[record + LENGTH]!)).toString()
}

function listRecords(): number[] {
  const records: number[] = []
  for (let at = FIRST_RECORD; at < table.end; at = recordEnd(table.words, at)) records.push(at)
  return records
}

test('each distinct text has one record, in the order of first coming, whatever stood behind a candidate', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'b', '0'), minLength: 1, maxLength: 20 }),
    fc.constantFrom('x'.repeat(MAX_TOKEN_BYTES), 'x'.repeat(MAX_TOKEN_BYTES - 1), 'same'),
  )
  fc.assert(
    fc.property(fc.array(text, { maxLength: 300 }), (texts) => {
      table.clear()
      const pairs = intern(texts)
      expect(pairs.map(([proposed]) => proposed)).toEqual(texts)
      for (const [proposed, record] of pairs) expect(textAt(record)).toBe(proposed)
      expect(listRecords().map(textAt)).toEqual([...new Set(texts)])
      expect(table.count).toBe(new Set(texts).size)
    }),
  )
})

test('tokens keep their records while the table grows, and notes begin at zero', () => {
  table.clear()
  const texts = Array.from({ length: 50_000 }, (_, i) => `token${i}`)
  const first = intern(texts)
  for (const [, record] of first) {
    expect(table.words[record + STAMP]).toBe(0)
    table.words[record + STAMP] = 7
  }
  expect(intern(texts)).toEqual(first)
  table.clear()
  expect(table.count).toBe(0)
  expect(intern(['token1']).map(([, record]) => table.words[record + STAMP])).toEqual([0])
})
