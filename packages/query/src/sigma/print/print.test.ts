import { describe, expect, test } from 'vitest'
import { compileSigma } from '../compile/compile-sigma.ts'
import type { Expression } from '../compile/expression.ts'
import { explainCorrelation, explainRule } from './explain.ts'
import { printQueryString } from './query-string.ts'
import { printSql } from './sql.ts'

function expressionOf(detection: string): Expression {
  const text = `title: T\nlogsource: {product: windows}\ndetection:\n${detection.replaceAll(/^/gm, '  ')}`
  const { rules, failed } = compileSigma([{ file: 'r.yml', text }])
  expect(failed).toEqual([])
  return rules[0]!.expression!
}

describe('a rule as query string', () => {
  test.each([
    ["s: {A|endswith: '\\a b.exe', B: ['x y', 1]}\ncondition: s", 'A:*\\\\a\\ b.exe AND (B:("x y" OR 1))'],
    ['s: {A: x}\nt: {B: null}\ncondition: s and not t', 'A:x AND _exists_:B'],
    ['s: {A: x}\nt: {B: null}\ncondition: s or t', 'A:x OR (NOT _exists_:B)'],
    ['s: {A: x, B: y}\ncondition: not s', 'NOT (A:x AND B:y)'],
    ["s: {A|re: 'a/b'}\ncondition: s", 'A:/a\\/b/'],
    ['s: {A|cidr: 10.0.0.0/8}\nt: [key word, 5]\ncondition: s or t', 'A:10.0.0.0\\/8 OR (*key\\ word* OR 5)'],
    ['s: {A|gte: 5}\ncondition: s', 'A:>=5'],
    ["s: {A|windash: '-x', B: y}\ncondition: s", 'A:(\\-x OR \\/x OR –x OR —x OR ―x) AND B:y'],
    ["s: {A: ''}\ncondition: s", 'A:""'],
    [
      'a: {A: 1}\nb: {B: 2}\nc: {C: 3}\ncondition: 2 of them',
      '(A:1 AND B:2) OR (A:1 AND C:3) OR (B:2 AND C:3)',
    ],
  ])('%j', (detection, text) => expect(printQueryString(expressionOf(detection))).toBe(text))

  test.each([
    ['s: {A|fieldref: B}\ncondition: s', 'compare two fields'],
    ['s: {A|cased: B}\ncondition: s', 'mind case'],
    ['s: {A|hour: 1}\ncondition: s', 'part of a date'],
    ["s: {A|expand: '%x%'}\ncondition: s", 'placeholder %x%'],
  ])('%j cannot be said: %s', (detection, reason) =>
    expect(() => printQueryString(expressionOf(detection))).toThrow(reason),
  )
})

describe('a rule as SQL', () => {
  test.each([
    ["s: {A|contains: '50%_!'}\ncondition: s", `lower("A") LIKE '%50!%!_!!%' ESCAPE '!'`],
    ["s: {A: X, 'B\"': 1}\ncondition: s", `lower("A") = 'x' AND "B""" = 1`],
    ['s: {A: "it\'s"}\ncondition: not s', `(lower("A") = 'it''s') IS NOT TRUE`],
    ['s: {A|cidr: 10.0.0.0/8}\ncondition: s', `CAST("A" AS INET) <<= CAST('10.0.0.0/8' AS INET)`],
    ["s: {A|re|i: 'x'}\ncondition: s", `regexp_matches("A", 'x', 'i')`],
    ['s: [word]\ncondition: s', `lower(CAST(events AS VARCHAR)) LIKE '%word%'`],
    ['s: {A|fieldref|endswith: B}\ncondition: s', 'ends_with(lower("A"), lower("B"))'],
  ])('%j', (detection, condition) => {
    expect(printSql(expressionOf(detection))).toBe(`SELECT * FROM events WHERE ${condition}`)
  })
})

describe('a rule in words', () => {
  test('names log source, fields and predicates', () => {
    const text = `
title: T
id: 7
level: high
logsource: {category: process_creation, product: windows, definition: needs Sysmon}
detection:
  s: {Image|endswith: [a, b], Name|startswith: c}
  f: {User: null}
  condition: s and not f
---
title: C
correlation: {type: value_count, rules: ['7'], group-by: [Host], timespan: 5m, condition: {gte: 3, field: User}}
`
    const { rules, correlations } = compileSigma([{ file: 'r.yml', text }])
    expect(explainRule(rules[0]!)).toEqual([
      'T (high, 7)',
      'log source: windows / process_creation',
      '  needs: needs Sysmon',
      'fields: Image, Name, User',
      'an event is a hit if',
      '  all of',
      '    Image ends with "a" or "b"',
      '    Name begins with "c"',
      '    not: User has no value',
    ])
    expect(explainCorrelation(correlations[0]!)).toEqual([
      'C',
      'correlation: value_count of 7',
      'counted by: Host',
      'within: 300 seconds',
      'a hit if: the number of different values of User is >= 3',
    ])
  })

  test('says of one that is not run what would be a hit, not that something is', () => {
    const text =
      "title: T\nlogsource: {product: windows}\ndetection: {s: {User|expand: '%admins%'}, condition: s}\n"
    const { rules } = compileSigma([{ file: 'r.yml', text }])
    expect(explainRule(rules[0]!)).toEqual([
      'T',
      'log source: windows',
      'fields: User',
      'is not run: its placeholders have no values: admins',
      'with values an event would be a hit if',
      '  User is "%admins%"',
    ])
  })
})
