import { expect, test } from 'vitest'
import { parseFilter } from './parse-filter.ts'
import { toDetection } from './to-detection.ts'

test.each([
  ['exe = "/bin/nc"', { part_1: { exe: '/bin/nc' }, condition: 'part_1' }],
  ["user != 'root'", { part_1: { user: 'root' }, condition: 'not part_1' }],
  ['port > 1024', { part_1: { 'port|gt': 1024 }, condition: 'part_1' }],
  ['exe like "/usr/%/s*"', { part_1: { exe: '/usr/*/s\\*' }, condition: 'part_1' }],
  ['arguments contains "a?b"', { part_1: { 'arguments|contains': 'a\\?b' }, condition: 'part_1' }],
  ['exe in ("a", \'b\', 3)', { part_1: { exe: ['a', 'b', 3] }, condition: 'part_1' }],
  ['session exists', { part_1: { 'session|exists': true }, condition: 'part_1' }],
  ['cmd matches "^a.*"', { part_1: { 'cmd|re': '^a.*' }, condition: 'part_1' }],
  ['text = "say \\"x\\""', { part_1: { text: 'say "x"' }, condition: 'part_1' }],
  [
    'a = 1 or b = 2 and not (c = 3 OR d starts_with x)',
    {
      part_1: { a: 1 },
      part_2: { b: 2 },
      part_3: { c: 3 },
      part_4: { 'd|startswith': 'x' },
      condition: '(part_1) or ((part_2) and (not ((part_3) or (part_4))))',
    },
  ],
])('%s', (filter, detection) => {
  expect(toDetection(parseFilter(filter))).toEqual(detection)
})

test('exceptions keep events away', () => {
  const detection = toDetection(parseFilter('a = 1'), [parseFilter('b = 2'), parseFilter('c = 3')])
  expect(detection.condition).toBe('(part_1) and (not (part_2)) and (not (part_3))')
})

test.each([
  '',
  'a',
  'a =',
  '= 1',
  'a = 1 and',
  'a = 1 b = 2',
  'a in (1',
  'a in ()',
  'a = "x',
  '((a = 1)',
  'not',
  'a ; 1',
])('no filter is %j, and the place is told', (filter) => {
  expect(() => parseFilter(filter)).toThrow(/Cannot read the filter at character \d+/)
})

test('what is too deep or too long is refused', () => {
  expect(() => parseFilter(`${'not '.repeat(60)}a = 1`)).toThrow('at most 50 deep')
  expect(() => parseFilter('a'.repeat(20_001))).toThrow('at most 20000 characters')
})
