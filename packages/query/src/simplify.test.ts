import { expect, it } from 'vitest'
import { printQuery } from './print.ts'
import type { Query } from './query.ts'
import { simplify } from './simplify.ts'

const all: Query = { kind: 'all' }
const none: Query = { kind: 'none' }
const a: Query = { kind: 'term', field: 'f', value: 'a' }
const b: Query = { kind: 'term', field: 'f', value: 'b' }

it.each<[string, Query, Query]>([
  ['nested and', { kind: 'and', of: [{ kind: 'and', of: [a, all] }, b] }, { kind: 'and', of: [a, b] }],
  ['nested or', { kind: 'or', of: [{ kind: 'or', of: [a, none] }, b] }, { kind: 'or', of: [a, b] }],
  ['and with nothing', { kind: 'and', of: [a, none] }, none],
  ['or with everything', { kind: 'or', of: [a, all] }, all],
  ['an empty and', { kind: 'and', of: [] }, all],
  ['an empty or', { kind: 'or', of: [] }, none],
  ['at least none', { kind: 'or', of: [], atLeast: 0 }, all],
  ['more than there are', { kind: 'or', of: [a, b], atLeast: 3 }, none],
  ['as many as there are', { kind: 'or', of: [a, b], atLeast: 2 }, { kind: 'and', of: [a, b] }],
  ['one of many given', { kind: 'or', of: [a, b, all], atLeast: 2 }, { kind: 'or', of: [a, b] }],
  ['double negation', { kind: 'not', of: { kind: 'not', of: a } }, a],
  ['not everything', { kind: 'not', of: all }, none],
  ['no ids', { kind: 'ids', values: [] }, none],
])('simplifies %s', (_, query, wanted) => {
  expect(simplify(query)).toEqual(wanted)
})

it.each<[Query, string]>([
  [
    { kind: 'and', of: [a, { kind: 'or', of: [b, { kind: 'not', of: a }] }] },
    'f="a" AND (f="b" OR (NOT f="a"))',
  ],
  [{ kind: 'or', of: [a, b], atLeast: 2 }, 'at least 2 of (f="a", f="b")'],
  [{ kind: 'label', name: '__ts_star', sketchId: 2 }, 'label("__ts_star", sketch 2)'],
  [
    { kind: 'wildcard', field: 'f', pattern: '*a b*', whole: true, caseInsensitive: true },
    'f:*a\\ b* (whole value)',
  ],
  [{ kind: 'range', field: 'f', gte: 1, timeZone: '+01:00' }, 'f:[1 TO *] (+01:00)'],
  [{ kind: 'phrase', field: 'f', text: 'a b', slop: 1, prefix: true }, 'f:"a b"*~1'],
])('prints %j', (query, line) => {
  expect(printQuery(query)).toBe(line)
})
