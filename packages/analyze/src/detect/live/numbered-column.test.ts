import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

it('takes a very long text for one line, those beside it for several', () => {
  const long = 'short line\n'.repeat(6000)
  const texts = ['a\nb', long, 'b\na', long, '', 'a\nb']
  const [column] = numberAll(texts)
  expect(texts.map((_, value) => readValue(column!, value))).toEqual(texts)
  expect(Array.from(column!.starts)).toEqual([0, 2, 3, 5, 6, 7, 9])
  const [both, whole] = [(1 << placeOf(0, 0, 2)) | (1 << placeOf(1, 0, 2)), 1 << placeOf(0, 0, 1)]
  expect(Array.from(column!.places)).toEqual([both, both, whole, whole, whole])
})

it('cuts no more long texts into lines where lines hardly repeat', () => {
  const text = (at: number): string => Array.from({ length: 1000 }, (_, line) => `${at} ${line}`).join('\n')
  const texts = [...Array.from({ length: 10 }, (_, at) => text(at)), 'a\nb']
  const [column] = numberAll(texts)
  expect(texts.map((_, value) => readValue(column!, value))).toEqual(texts)
  const { starts, lines, places } = column!
  expect(Array.from(starts.subarray(1), (end, at) => end - starts[at]!)).toEqual([
    ...[1000, 1000, ...Array.from({ length: 8 }, () => 1)],
    2,
  ])
  expect(places[lines[starts[9]!]!]).toBe(1 << placeOf(0, 0, 1))
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

it('holds nothing of a column once it is numbered, nor the room of a large one', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const one = new ColumnNumberer()
  const fill = (values: readonly unknown[]): readonly WeakRef<object>[] =>
    makeBatch(values.map((a) => ({ a }))).columns.map((column) => {
      one.number(column)
      return new WeakRef(column.values.kind === 'string' ? column.values.bytes : column.values)
    })
  collect()
  const { arrayBuffers } = process.memoryUsage()
  // Half of the lines repeat, so that all of them are numbered.
  const text = (at: number): string =>
    Array.from({ length: 1000 }, (_, line) => `${at} ${line >> 1}`).join('\n')
  const held = [...fill(Array.from({ length: 600 }, (_, at) => text(at))), ...fill(['a small one', 1, 2.5])]
  await setImmediate()
  collect()
  expect(held.map((ref) => ref.deref())).toEqual(held.map(() => undefined))
  // What is collected is given back by a thread of the collector's own, a moment later.
  const heldBytes = (): number => {
    collect()
    return process.memoryUsage().arrayBuffers - arrayBuffers
  }
  await expect.poll(heldBytes, { timeout: 10_000 }).toBeLessThan(2 ** 20)
})
