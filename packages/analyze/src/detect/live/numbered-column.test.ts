import { makeBatch } from '@timeskein/store/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ColumnNumberer, LINE_PLACES, type NumberedColumn, placeOf, readValue } from './numbered-column.ts'

// One for all: what a column leaves behind must not show in the next one.
const numberer = new ColumnNumberer()

function numberAll(values: readonly unknown[]): readonly NumberedColumn[] {
  return makeBatch(values.map((a) => ({ a })))
    .columns.filter(({ field }) => field === 'a')
    .map((column) => numberer.number(column))
}

it('gives every line of texts a number, the same for the same, and knows where it stands', () => {
  const text = fc.array(fc.constantFrom('', 'a', 'ä', 'Logon ID: 0x3e7'), { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (cut) => {
      const texts = cut.map((lines) => lines.join('\n'))
      const [column] = numberAll(texts)
      expect(texts.map((_, value) => readValue(column!, value))).toEqual(texts)
      const { lines, starts, places, textOf } = column!
      const different = new Set(texts.flatMap((one) => one.split('\n')))
      expect([...places.keys()].map(textOf).sort()).toEqual([...different].sort())
      const found = new Uint8Array(places.length)
      for (const [value, one] of texts.entries()) {
        const [start, end] = [starts[value]!, starts[value + 1]!]
        expect(end - start).toBe(one.split('\n').length)
        for (let at = start; at < end; at++) found[lines[at]!]! |= 1 << placeOf(at, start, end)
      }
      expect(places).toEqual(found)
    }),
  )
})

it('tells first lines and last ones apart', () => {
  expect([0, 1, 2].map((at) => LINE_PLACES[placeOf(at, 0, 3)])).toEqual([
    { isFirst: true, isLast: false },
    { isFirst: false, isLast: false },
    { isFirst: false, isLast: true },
  ])
  expect(LINE_PLACES[placeOf(0, 0, 1)]).toEqual({ isFirst: true, isLast: true })
})

it('writes numbers as the store does, each once', () => {
  const written = numberAll([1, 1, -7, 0.5, 1e21, 1e-7, true, false]).map((column) => [
    column.kind,
    Array.from(column.rows, (_, value) => readValue(column, value)),
    column.places.length,
  ])
  expect(written).toEqual(
    expect.arrayContaining([
      ['integer', ['1', '1', '-7'], 2],
      ['real', ['0.5', '1e+21', '1e-07'], 3],
      ['boolean', ['true', 'false'], 2],
    ]),
  )
})
