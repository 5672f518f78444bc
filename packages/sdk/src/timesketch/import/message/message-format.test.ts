import { expect, test } from 'vitest'
import { parseMessageFormat } from './message-format.ts'

function fill(format: string, row: Readonly<Record<string, unknown>>): string {
  const filled = parseMessageFormat(format).fill(row)
  return 'text' in filled ? filled.text : `(${filled.problem})`
}

// Python 3.11's `format(value, spec)`.
test.each([
  ['d', 5, '5'],
  ['5d', -42, '  -42'],
  ['05d', -42, '-0042'],
  ['<5d', 5, '5    '],
  ['^7d', 255, '  255  '],
  ['+d', 5, '+5'],
  [' d', 5, ' 5'],
  [',', 1234567, '1,234,567'],
  [',d', 123456789012345678901n, '123,456,789,012,345,678,901'],
  ['_d', 1234567, '1_234_567'],
  ['x', 255, 'ff'],
  ['X', 255, 'FF'],
  ['#010x', 255, '0x000000ff'],
  ['#x', -42, '-0x2a'],
  ['_b', 255, '1111_1111'],
  ['o', 255, '377'],
  ['.0f', 2.5, '2'],
  ['.0f', 1.5, '2'],
  ['.1f', 1.25, '1.2'],
  ['.2f', 0.125, '0.12'],
  ['.2f', 9.995, '9.99'],
  ['8.3f', -2.5, '  -2.500'],
  ['08.2f', -2.5, '-0002.50'],
  [',.2f', 123456.789, '123,456.79'],
  ['.2f', 1e21, '1000000000000000000000.00'],
  ['.2e', 123456.789, '1.23e+05'],
  ['E', 1e-7, '1.000000E-07'],
  ['g', 1e-7, '1e-07'],
  ['.3g', 1234567, '1.23e+06'],
  ['g', 123456.789, '123457'],
  ['.1%', 0.125, '12.5%'],
  ['s', 'ann', 'ann'],
  ['>6', 'ann', '   ann'],
  ['*^9s', 'ann', '***ann***'],
  ['.2s', 'ann', 'an'],
  ['10', 'ann', 'ann       '],
  ['>10', 5, '         5'],
  ['10', 5, '         5'],
])('{:%s} of %s is %j', (spec, value, expected) => {
  expect(fill(`{value:${spec}}`, { value })).toBe(expected)
})

test('fields, conversions and escaped braces are told apart', () => {
  const row = { code: 5, who: 'ann', score: 1.25, 'event.id': 7, quoted: "it's\n" }
  expect(fill('N {code:d} {who:s} {score:.1f}', row)).toBe('N 5 ann 1.2')
  expect(fill('{who!r} {who!s:>5} {quoted!r} {code!r}', row)).toBe("'ann'   ann \"it's\\n\" 5")
  expect(fill('{{lit}} {{{who}}} }}{{', row)).toBe('{lit} {ann} }{')
  expect(fill('{event.id}', row)).toBe('7')
  expect(fill('no field', row)).toBe('no field')
})

test('digits of a text count as a number where one is wanted: all of a CSV file is text', () => {
  expect(fill('{n:,d} {n:.1f} {n:08} {big:x}', { n: '12345', big: '18446744073709551615' })).toBe(
    '12,345 12345.0 00012345 ffffffffffffffff',
  )
})

test('an empty value has its width and no digits', () => {
  expect(fill('[{n:3d}] [{n}]', { n: null })).toBe('[   ] []')
  expect(parseMessageFormat('[{n:.1f}]').fill({}, ['n'])).toEqual({ text: '[]' })
})

test.each([
  ['{code:d}', { code: 'abc' }, '(no message: {code:d} wants a number, found "abc")'],
  ['{code:d}', { code: 1.5 }, '(no message: {code:d} wants a number, found "1.5")'],
  ['{who}', { code: 1 }, '(no message: there is no who)'],
])('%s of %j is no message', (format, row, expected) => {
  expect(fill(format, row)).toBe(expected)
})

test.each([
  ['{who', 'a single { at character 1'],
  ['who}', 'a single } at character 4'],
  ['{}', 'names no field in {}'],
  ['{:d}', 'names no field in {:d}'],
  ['{who!x}', 'expected !r or !s, found !x'],
  ['{who!r:d}', '"d" is no format of a text'],
  ['{code:q}', '"q" is no format of a value'],
  ['{code:.2d}', '".2d" is no format of a value'],
  ['{code:,x}', '",x" is no format of a value'],
  ['{code:{width}}', 'a single { at character 1'],
])('%s is refused before there is a row', (format, told) => {
  expect(() => parseMessageFormat(format)).toThrow(RangeError)
  expect(() => parseMessageFormat(format)).toThrow(told)
})
