import { expect, test } from 'vitest'
import { escapeCsvCell, formatCsvHeader, formatCsvLine } from './csv-line.ts'

test('a formula is neutralised, a number is not', () => {
  expect(escapeCsvCell('=1+1')).toBe("'=1+1")
  expect(escapeCsvCell('@SUM(A1)')).toBe("'@SUM(A1)")
  expect(escapeCsvCell('\tx')).toBe("'\tx")
  expect(escapeCsvCell('-12.5')).toBe('-12.5')
  expect(escapeCsvCell('-cmd')).toBe("'-cmd")
})

test('a name with @ stands in a header as it is, a formula does not', () => {
  expect(formatCsvHeader(['@timestamp', '@metadata.beat', '@version2', 'message'])).toBe(
    '@timestamp,@metadata.beat,@version2,message\r\n',
  )
  expect(formatCsvHeader(['@SUM(A1)', '@A1', '@', '@a+b', '=x', '-a', '@a,b'])).toBe(
    "'@SUM(A1),'@A1,'@,'@a+b,'=x,'-a,\"'@a,b\"\r\n",
  )
  expect(formatCsvLine(['@timestamp'])).toBe("'@timestamp\r\n")
})

test('quotes, commas and line ends are quoted', () => {
  expect(formatCsvLine(['a,b', 'say "hi"', 'two\nlines', 'plain'])).toBe(
    '"a,b","say ""hi""","two\nlines",plain\r\n',
  )
})
