import { expect, it } from 'vitest'
import { makeBatch } from '../../../contract/make-batch.ts'
import { splitColumn } from './split-column.ts'

function split(values: readonly unknown[]): unknown {
  const [column] = makeBatch(values.map((v) => (v === undefined ? {} : { v }))).columns
  const found = splitColumn(column!)
  return found && { single: [...found.single], repeated: [...found.repeated], long: [...found.long] }
}

it.each<[string, unknown[], unknown]>([
  ['single values need no sorting', ['a', undefined, 'b'], undefined],
  [
    'rows with several values are apart as a whole',
    ['a', ['b', 'c'], 'd'],
    { single: [0, 3], repeated: [1, 2], long: [] },
  ],
  [
    '256 units are short, 257 long',
    ['x'.repeat(256), 'x'.repeat(257)],
    { single: [0], repeated: [], long: [1] },
  ],
  [
    'units are counted, not bytes',
    ['é'.repeat(256), '日'.repeat(256), '日'.repeat(257)],
    { single: [0, 1], repeated: [], long: [2] },
  ],
  [
    'letters beyond 16 bits are two units',
    ['😀'.repeat(128), '😀'.repeat(129)],
    { single: [0], repeated: [], long: [1] },
  ],
  ['a long one among several', [['a', 'x'.repeat(300)], 'b'], { single: [2], repeated: [0], long: [1] }],
  ['numbers are never long', [1, [2, 3]], { single: [0], repeated: [1, 2], long: [] }],
])('%s', (_, values, expected) => {
  expect(split(values)).toEqual(expected)
})
