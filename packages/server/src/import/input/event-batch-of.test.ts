import type { Column } from '@timeskein/model'
import { expect, test } from 'vitest'
import { makeEventBatch } from './event-batch-of.ts'

/** The values of a column by row, as text. */
function readColumn(columns: readonly Column[], field: string, kind: Column['kind']): [number, string][] {
  const column = columns.find((one) => one.field === field && one.kind === kind)
  const { values } = column!
  return [...column!.rows].map((row, place) => {
    if (values.kind === 'string')
      return [
        row,
        new TextDecoder().decode(values.bytes.subarray(values.offsets[place], values.offsets[place + 1])),
      ]
    return [row, String(values.kind === 'boolean' ? values.bits[place] : values.numbers[place])]
  })
}

test('fields of several events become columns, each value with its row', () => {
  const { rowCount, columns, source, timesUs } = makeEventBatch([
    { timeUs: 1n, source: { a: 'x', n: { b: [1, 'é', 1.5] }, t: true } },
    { timeUs: 2n, source: { a: 'ü😀', none: null } },
    { timeUs: 3n, source: { a: 7, n: { b: 'z' }, lone: '\ud800' } },
  ])
  expect(rowCount).toBe(3)
  expect([...timesUs]).toEqual([1n, 2n, 3n])
  expect(readColumn(columns, 'a', 'string')).toEqual([
    [0, 'x'],
    [1, 'ü😀'],
  ])
  expect(readColumn(columns, 'a', 'integer')).toEqual([[2, '7']])
  expect(readColumn(columns, 'n.b', 'string')).toEqual([
    [0, 'é'],
    [2, 'z'],
  ])
  expect(readColumn(columns, 'n.b', 'real')).toEqual([[0, '1.5']])
  expect(readColumn(columns, 't', 'boolean')).toEqual([[0, '1']])
  expect(readColumn(columns, 'lone', 'string')).toEqual([[2, '�']])
  expect(columns.some(({ field }) => field === 'none')).toBe(false)
  const texts = [0, 1, 2].map((row) =>
    new TextDecoder().decode(source.bytes.subarray(source.offsets[row], source.offsets[row + 1])),
  )
  expect(texts.map((text) => JSON.parse(text) as unknown)[1]).toEqual({ a: 'ü😀', none: null })
})

test('values are what their text says, whatever they are made of', () => {
  const { columns, source } = makeEventBatch([
    {
      timeUs: 1n,
      source: {
        date: new Date(0),
        own: { toJSON: () => ({ a: ['b'] }) },
        gone: { toJSON: () => undefined },
        none: undefined,
        infinite: Number.POSITIVE_INFINITY,
        text: Object('x') as unknown,
        bare: Object.assign(Object.create(null) as object, { c: 1 }),
      },
    },
  ])
  expect(new TextDecoder().decode(source.bytes)).toBe(
    '{"date":"1970-01-01T00:00:00.000Z","own":{"a":["b"]},"infinite":null,"text":"x","bare":{"c":1}}',
  )
  expect(columns.map(({ field, kind }) => `${field} ${kind}`)).toEqual([
    'date string',
    'own.a string',
    'text string',
    'bare.c integer',
  ])
})
