import { expect, test } from 'vitest'
import { csvCell } from './result-csv.ts'

test('quotes what has commas, quotes or line ends', () => {
  expect(csvCell('a,b')).toBe('"a,b"')
  expect(csvCell('say "hi"')).toBe('"say ""hi"""')
  expect(csvCell('two\nlines')).toBe('"two\nlines"')
})

test.each(['=1+1', '+cmd', '-x', '@SUM(A1)', '\tx', '\rx'])('makes the formula %j harmless', (text) => {
  expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true)
})

test.each(['-12', '+3', '-1.5', '-1e9', '12'])('leaves the number %s a number', (text) => {
  expect(csvCell(text)).toBe(text)
})
