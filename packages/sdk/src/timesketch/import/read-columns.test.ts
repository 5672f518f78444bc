import { expect, test } from 'vitest'
import { readColumns } from './read-columns.ts'

test.each([
  ['When;Who\n1;2\n', { format: 'csv', delimiter: ';' }, ['When', 'Who']],
  ['"a, b", c\n', { format: 'csv' }, ['a, b', 'c']],
  ['\n{"x":1,"y":{}}\n{"z":1}\n', { format: 'jsonl' }, ['x', 'y']],
  ['no json\n{"x":1}\n', { format: 'jsonl' }, ['x']],
  ['', { format: 'csv' }, []],
  ['', { format: 'jsonl' }, []],
] as const)('columns of %j', async (text, log, columns) => {
  expect(await readColumns([text], log)).toEqual(columns)
})

test('no more is read than is needed', async () => {
  let parts = 0
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      parts += 1
      yield 'a,b\n'
    }
  }
  expect(await readColumns(endless(), { format: 'csv' })).toEqual(['a', 'b'])
  expect(parts).toBeLessThan(4)
})
