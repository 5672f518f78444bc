import { expect, it } from 'vitest'
import { makeBatch } from '../../../contract/make-batch.ts'
import { pack, packSource, unpackSource } from './block-codec.ts'

function readBack(rows: readonly string[]): { texts: string[]; rowCounts: number[] } {
  const blocks = packSource(makeBatch(rows).source, rows.length)
  const texts = blocks.flatMap(({ data, rowCount }) => {
    const { bytes, offsets } = unpackSource(data, rowCount)
    return Array.from({ length: rowCount }, (_, i) => bytes.toString('utf8', offsets[i], offsets[i + 1]))
  })
  return { texts, rowCounts: blocks.map(({ rowCount }) => rowCount) }
}

it('gives back every row, many to a block', () => {
  const rows = Array.from({ length: 6000 }, (_, n) => JSON.stringify({ n, text: 'é\0'.repeat(n % 50) }))
  const { texts, rowCounts } = readBack(rows)
  expect(texts).toEqual(rows)
  expect(rowCounts.length).toBeGreaterThan(2)
})

it('gives a large row a block of its own', () => {
  const large = JSON.stringify({ text: 'x'.repeat(200_000) })
  expect(readBack(['{}', '{}', large, '{}'])).toEqual({
    texts: ['{}', '{}', large, '{}'],
    rowCounts: [2, 1, 1],
  })
})

it.each<[string, Uint8Array, number]>([
  ['is no zstd frame', Uint8Array.of(1, 2, 3), 1],
  ['ends too early', pack(Uint8Array.of(9, 0, 0, 0, 1)), 1],
  ['goes on too long', pack(Uint8Array.of(1, 0, 0, 0, 1, 2)), 1],
  ['has no room for the lengths', pack(Uint8Array.of(1)), 2],
])('refuses a block that %s', (_, data, rowCount) => {
  expect(() => unpackSource(data, rowCount)).toThrow()
})
