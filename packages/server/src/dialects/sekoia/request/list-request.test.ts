import { expect, test } from 'vitest'
import { type ListRules, readListRequest } from './list-request.ts'
import { pageItems } from './narrow-list.ts'
import { readMoment } from './read-moment.ts'

const NOW = Date.UTC(2026, 0, 31, 12)
const RULES: ListRules = {
  match: ['name', 'count'],
  date: ['at'],
  range: ['count'],
  sort: ['name', 'count'],
  defaultLimit: 2,
  maxLimit: 3,
}
const ITEMS = [
  { name: 'a', count: 1, at: '2026-01-01T00:00:00.000000Z' },
  { name: 'b,c', count: 20, at: '2026-01-02T00:00:00.000000Z' },
  { name: 'B', count: 3, at: 1_769_860_800 },
  { name: 'd', count: null, at: null },
]

function names(query: Record<string, string>): string[] {
  const request = readListRequest({ limit: '9', ...query }, { ...RULES, maxLimit: 9 }, NOW)
  const readers = {
    name: (one: (typeof ITEMS)[number]) => one.name,
    count: (one: (typeof ITEMS)[number]) => one.count,
    at: (one: (typeof ITEMS)[number]) => one.at,
  }
  return pageItems(ITEMS, request, readers).items.map(({ name }) => name)
}

test.each([
  [{ 'match[name]': 'a' }, ['a']],
  [{ 'match[name]': 'a,d' }, ['a', 'd']],
  [{ 'match[name]': 'b,c' }, ['b,c']],
  [{ 'match[name]': 'b' }, []],
  [{ 'match[name]': '' }, ['a', 'b,c', 'B', 'd']],
  [{ 'match[nothing]': '' }, ['a', 'b,c', 'B', 'd']],
  [{ nothing: 'x' }, ['a', 'b,c', 'B', 'd']],
  [{ 'match[count]': '20,3' }, ['b,c', 'B']],
  [{ 'match[count]': 'high' }, []],
  [{ 'match[name]': 'a,B', 'match[count]': '3' }, ['B']],
  [{ 'nomatch[name]': 'a,d' }, ['b,c', 'B']],
  [{ 'nomatch[count]': '20' }, ['a', 'B', 'd']],
  [{ 'range[count]': '1,3' }, ['a', 'B']],
  [{ 'range[count]': '3,' }, ['b,c', 'B']],
  [{ 'date[at]': '2026-01-01T00:00:00,2026-01-02' }, ['a', 'b,c']],
  [{ 'date[at]': '-1d,now' }, ['B']],
  [{ 'date[at]': '2026-02-01,now' }, []],
  [{ 'date[at]': ',2026-01-01T12:00:00+02:00' }, ['a']],
  [{ sort: 'name', direction: 'desc' }, ['d', 'b,c', 'a', 'B']],
  [{ sort: 'count' }, ['d', 'a', 'B', 'b,c']],
  [{ sort: 'nothing' }, ['a', 'b,c', 'B', 'd']],
])('%j', (query, found) => {
  expect(names(query as Record<string, string>)).toEqual(found)
})

test('pages by offset and by number, and never more than there may be', () => {
  const read = (query: Record<string, string>): readonly [number, number] => {
    const { limit, offset } = readListRequest(query, RULES, NOW)
    return [limit, offset]
  }
  expect(read({})).toEqual([2, 0])
  expect(read({ limit: '100' })).toEqual([3, 0])
  expect(read({ limit: '3', page: '3' })).toEqual([3, 6])
  expect(read({ offset: '4', page: '3' })).toEqual([2, 4])
})

test.each([
  { limit: 'x' },
  { limit: '0' },
  { offset: '-1' },
  { page: '0' },
  { 'range[count]': 'a,b' },
  { 'date[at]': 'soon,now' },
  { 'date[at]': '2026-01-01,2026-01-02,2026-01-03' },
  { 'range[count]': '1,2,3' },
])('%j is refused', (query) => {
  expect(() => readListRequest(query, RULES, NOW)).toThrow('cannot be read')
})

test.each([
  'match[nothing]',
  'nomatch[at]',
  'date[name]',
  'range[at]',
  'filter[name]',
  'match[]',
  'match[a]b]',
])('%s is refused by the fields that there are', (name) => {
  expect(() => readListRequest({ [name]: ['x', 'y'] }, RULES, NOW)).toThrow(
    `This list cannot be narrowed by ${name}: match[…] and nomatch[…] take name, count; date[…] takes at; range[…] takes count.`,
  )
})

test('a list that nothing narrows says so', () => {
  expect(() => readListRequest({ 'match[name]': 'x' }, { defaultLimit: 1, maxLimit: 1 }, NOW)).toThrow(
    'This list cannot be narrowed by match[name]: it takes no parameters of fields.',
  )
})

test.each([
  ['date[at]', 'now,-1d', 'bad-time-range'],
  ['date[at]', '2026-02-01,2026-01-01', 'bad-time-range'],
  ['range[count]', '100,80', 'bad-range'],
])('%s=%s is refused as reversed', (name, text, code) => {
  expect(() => readListRequest({ [name]: text }, RULES, NOW)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(`${name} ends before it begins`) }),
  )
})

test.each([
  ['now', '2026-01-31T12:00:00.000Z'],
  ['-30d', '2026-01-01T12:00:00.000Z'],
  ['now-1h', '2026-01-31T11:00:00.000Z'],
  ['now+2w', '2026-02-14T12:00:00.000Z'],
  ['-90s', '2026-01-31T11:58:30.000Z'],
  ['2026-01-01T00:00:00', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T00:00:00.123456Z', '2026-01-01T00:00:00.123Z'],
  ['2026-01-01T02:00:00 02:00', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01', '2026-01-01T00:00:00.000Z'],
  [1_767_225_600, '2026-01-01T00:00:00.000Z'],
  ['1767225600000', '2026-01-01T00:00:00.000Z'],
])('%s is a moment', (text, moment) => {
  expect(new Date(Number(readMoment(text, 'x', NOW) / 1000n)).toISOString()).toBe(moment)
})

test.each(['', 'soon', '-30', '30d', '2026-02-30T00:00:00Z', '-1y', 'now-', Number.NaN])(
  '%s is none',
  (text) => {
    expect(() => readMoment(text, 'x', NOW)).toThrow('x cannot be read: a time was expected')
  },
)
