import { expect, test } from 'vitest'
import { readJsonlRows } from './jsonl-rows.ts'
import { readText } from './source-text.ts'

test('lines become rows, and what is none is told by its line', async () => {
  const text = '{"a":1}\r\n\n[1]\n{broken\n{"big":12345678901234567890}'
  for (const size of [1, 4, 100]) {
    const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
    expect(await Array.fromAsync(readJsonlRows(readText(parts)))).toEqual([
      { line: 1, row: { a: 1 } },
      { line: 3, problem: 'expected a JSON object' },
      { line: 4, problem: expect.stringContaining('no JSON') as string },
      { line: 5, row: { big: 12345678901234567890n } },
    ])
  }
})
