import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LENGTH, TEXT } from './kernel/word-layout.ts'
import { sortTokens } from './sort-tokens.ts'
import { TokenTable } from './token-table.ts'

function sorted(tokens: readonly Buffer[]): string[] {
  const table = new TokenTable()
  for (const token of tokens) table.addToken((out, at) => token.copy(out, at), 0)
  table.settle()
  const order = new Uint32Array(table.count)
  sortTokens(table, order, new Float64Array(table.count))
  return [...order].map((record) => {
    const start = (record + TEXT) * 4
    return Buffer.from(table.bytes.subarray(start, start + table.words[record + LENGTH]!)).toString('hex')
  })
}

function expected(tokens: readonly Buffer[]): string[] {
  return [...new Set(tokens.map((token) => token.toString('hex')))].sort((a, b) =>
    Buffer.compare(Buffer.from(a, 'hex'), Buffer.from(b, 'hex')),
  )
}

test('tokens are sorted by their bytes, also where they begin alike or one is the beginning of another', () => {
  const token = fc
    .tuple(
      fc.constantFrom('', 'a', 'prefix', 'prefix_of_', 'é'.repeat(9)),
      fc.string({ unit: fc.constantFrom('a', 'b', '漢', '0'), maxLength: 14 }),
    )
    .map(([start, end]) => Buffer.from(start + end || 'x'))
  fc.assert(
    fc.property(fc.array(token, { maxLength: 200 }), (tokens) => {
      expect(sorted(tokens)).toEqual(expected(tokens))
    }),
  )
})

test('many tokens with one beginning are sorted', () => {
  const tokens = Array.from({ length: 20_000 }, (_, i) => Buffer.from(`same_${(i * 7919) % 20_000}`))
  expect(sorted(tokens)).toEqual(expected(tokens))
})
