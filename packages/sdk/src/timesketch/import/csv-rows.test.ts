import { expect, test } from 'vitest'
import { readCsvRows } from './csv-rows.ts'
import { readText } from './source-text.ts'

/** The rows of a text, however it is cut. */
async function rowsOf(text: string, ...options: [string?, Set<string>?]): Promise<unknown[]> {
  const whole = await Array.fromAsync(readCsvRows(readText([text]), ...options))
  for (const size of [1, 2, 5]) {
    const parts = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? []
    expect(await Array.fromAsync(readCsvRows(readText(parts), ...options))).toEqual(whole)
  }
  return whole.map((source) => {
    if (!('row' in source)) return source
    const { columns, ...rest } = source
    expect(columns).toEqual(['a', 'b'])
    return rest
  })
}

test('quotes, line ends in quotes, both kinds of line end and a last line without one', async () => {
  expect(await rowsOf('\uFEFFa,b\r\n1,"x, ""y""\nz"\n2,q\r\n3,last')).toEqual([
    { line: 2, row: { a: '1', b: 'x, "y"\nz' } },
    { line: 4, row: { a: '2', b: 'q' } },
    { line: 5, row: { a: '3', b: 'last' } },
  ])
})

test('empty cells are left out, empty lines are none', async () => {
  expect(await rowsOf('a;b\n1;\n\n;2\n', ';')).toEqual([
    { line: 2, row: { a: '1' } },
    { line: 4, row: { b: '2' } },
  ])
})

test('only columns that are said to be are numbers', async () => {
  expect(await rowsOf('a,b\n1,1\n12345678901234567890,007\n1.5,x\nx,y', ',', new Set(['a']))).toEqual([
    { line: 2, row: { a: 1, b: '1' } },
    { line: 3, row: { a: 12345678901234567890n, b: '007' } },
    { line: 4, row: { a: 1.5, b: 'x' } },
    { line: 5, row: { a: 'x', b: 'y' } },
  ])
})

test('records with other than the right number of cells are told', async () => {
  expect(await rowsOf('a,b\n1\n1,2,3\n1,2')).toEqual([
    { line: 2, problem: 'expected 2 cells, found 1' },
    { line: 3, problem: 'expected 2 cells, found 3' },
    { line: 4, row: { a: '1', b: '2' } },
  ])
})

test('a quote that is not closed is told', async () => {
  expect(await rowsOf('a,b\n1,"2\n3,4')).toEqual([{ line: 2, problem: 'a quote is not closed' }])
})

test('two columns of one name and a delimiter of two characters are refused', async () => {
  await expect(rowsOf('a,a\n1,2')).rejects.toThrow('two columns')
  await expect(rowsOf('a,b', ',,')).rejects.toThrow('a delimiter is one character')
})
