import { expect, test } from 'vitest'
import { escapeCsvCell, formatCsvLine } from './csv-line.ts'

test('a formula is neutralised, a number is not', () => {
  expect(escapeCsvCell('=1+1')).toBe("'=1+1")
  expect(escapeCsvCell('@SUM(A1)')).toBe("'@SUM(A1)")
  expect(escapeCsvCell('\tx')).toBe("'\tx")
  expect(escapeCsvCell('-12.5')).toBe('-12.5')
  expect(escapeCsvCell('-cmd')).toBe("'-cmd")
})

test('quotes, commas and line ends are quoted', () => {
  expect(formatCsvLine(['a,b', 'say "hi"', 'two\nlines', 'plain'])).toBe(
    '"a,b","say ""hi""","two\nlines",plain\r\n',
  )
})
