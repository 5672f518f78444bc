import { expect, it } from 'vitest'
import { PlasoFloat, type Value } from '../piece/container-value.ts'
import { FilterError, parseFilter } from './filter-expression.ts'
import { compileFilter } from './match-filter.ts'

const VALUES: Readonly<Record<string, Value>> = {
  data_type: 'fs:stat',
  size: 12,
  share: new PlasoFloat(0.5),
  name: 'C:\\Program Files\\a.exe',
  list: ['x', 'y'],
  empty: '',
}

function matches(filter: string): boolean {
  const event = { id: 1, data: 0, us: '1767225600000000', nanos: 0, desc: 'Creation Time', tags: ['exit1'] }
  return compileFilter(filter)({
    event,
    attributes: new Map(Object.entries(VALUES)),
    stream: { sha256_hash: 'ab' },
  })
}

it.each([
  'data_type is "fs:stat"',
  "data_type == 'fs:stat' and size > 11",
  'size < 1 or size >= 12 and name contains "program files"',
  '(size < 1 or size >= 0xc) && not_there is not "x"',
  'data_type not is "other"',
  'timestamp > DATETIME("2025-12-31T23:59:59.9") and timestamp <= "2026-01-01"',
  'date == 1767225600000000',
  'tag contains "exit1" and timestamp_desc is "Creation Time"',
  'sha256_hash is "ab" || size is 0',
  'name iregexp "PROGRAM.*\\.exe$"',
  'name regexp "^(C|D):(.(\\w| )+)+.exe$"',
  'list contains "x" and share == 0.5',
  'data_type inset "fs:stat, fs:other"',
])('%s matches', (filter) => {
  expect(matches(filter)).toBe(true)
})

it.each([
  'size > 12',
  'size > "1"',
  'name regexp "PROGRAM"',
  'empty is ""',
  'not_there > 1',
  'timestamp < DATETIME("2025-01-01T00:00:00")',
  'list contains "xy"',
])('%s does not', (filter) => {
  expect(matches(filter)).toBe(false)
})

it.each([
  ['', 'the name of an attribute'],
  ['size', 'an operator'],
  ['size about 3', 'an operator'],
  ['size > ', 'a value'],
  ['(size > 1', '")"'],
  ['size > 1 size', '"and", "or" or its end'],
  ['timestamp > "soon"', 'a time in ISO 8601'],
  ['timestamp contains 2026', 'a comparison such as >'],
  ['name regexp "(?=a)"', 'a regular expression of RE2'],
  ['name regexp "(a)\\\\1"', 'a regular expression of RE2'],
  [`name regexp "${'x'.repeat(201)}"`, 'at most 200 characters'],
  ['name regexp "["', 'a regular expression'],
  ['('.repeat(5000), 'at most 100 parentheses'],
  ['x'.repeat(20_000), 'its end'],
])('%s is refused', (filter, expected) => {
  expect(() => compileFilter(filter)).toThrow(FilterError)
  expect(() => compileFilter(filter)).toThrow(expected)
})

it('binds and closer than or', () => {
  expect(parseFilter('a is 1 or b is 2 and c is 3')).toMatchObject({ kind: 'or', right: { kind: 'and' } })
})

it.each(['.*.*.*.*.*x', '(a+)+x', '(a|a)*x', '(.*)*x', '(?:a{1,30}){1,30}x'])(
  'an expression such as %s ends for any text',
  (pattern) => {
    const attributes = new Map([['name', 'a'.repeat(1000)]])
    const event = { id: 1, data: 0, us: '0', nanos: 0, desc: '' }
    expect(compileFilter(`name regexp "${pattern}"`)({ event, attributes, stream: undefined })).toBe(false)
  },
)

it.each([
  ['parser before "x"', 'at character 8, found "before \\"x\\""'],
  ['date < DATETIME("soon")', 'expected a time in ISO 8601 at character 17, found "\\"soon\\")"'],
])('what %s has in the place of what is expected is told from where it begins', (filter, told) => {
  expect(() => compileFilter(filter)).toThrow(told)
})
