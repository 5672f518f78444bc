import { expect, it } from 'vitest'
import { makeBatch } from '../../../contract/make-batch.ts'
import { hasRepeatedTexts, hasVariedTexts } from './varied-texts.ts'

function isVaried(rowCount: number, makeText: (row: number) => string | undefined): boolean {
  const batch = makeBatch(Array.from({ length: rowCount }, (_, row) => ({ n: row, text: makeText(row) })))
  return hasVariedTexts(
    batch.columns.find(({ field }) => field === 'text') ?? expect.fail('no texts'),
    rowCount,
  )
}

it('texts that never come again are varied, those of a few thousand users are not', () => {
  expect(isVaried(20_000, (row) => `session ${row}`)).toBe(true)
  expect(isVaried(20_000, (row) => `user${(row * 7919) % 2000}`)).toBe(false)
})

it('a column of few texts, or of which most rows have none, is left alone', () => {
  expect(isVaried(1000, (row) => `session ${row}`)).toBe(false)
  expect(isVaried(20_000, (row) => (row % 3 === 0 ? `session ${row}` : undefined))).toBe(false)
})

it('texts come again where most of a batch do, and are not told of where there are few', () => {
  const column = (rowCount: number, different: number) =>
    makeBatch(Array.from({ length: rowCount }, (_, row) => ({ text: `user${(row * 7919) % different}` })))
      .columns[0]!
  expect(hasRepeatedTexts(column(20_000, 50))).toBe(true)
  expect(hasRepeatedTexts(column(20_000, 20_000))).toBe(false)
  expect(hasRepeatedTexts(column(1000, 50))).toBe(false)
})

it('numbers are no texts', () => {
  const batch = makeBatch(Array.from({ length: 2000 }, (_, n) => ({ n })))
  expect(hasVariedTexts(batch.columns[0]!, 2000)).toBe(false)
})
