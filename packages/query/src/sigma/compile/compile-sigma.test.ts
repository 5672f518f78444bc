import { describe, expect, test } from 'vitest'
import { printQuery } from '../../print.ts'
import { parsePipeline } from '../pipeline/parse-pipeline.ts'
import { parseSigmaDocuments } from '../rule/parse-documents.ts'
import type { SigmaDocument } from '../rule/rule.ts'
import { compileDocuments, compileSigma } from './compile-sigma.ts'
import type { CompiledRule, SigmaCompilation } from './compiled.ts'

const compile = (...texts: readonly string[]): SigmaCompilation =>
  compileSigma(texts.map((text, number) => ({ file: `${number}.yml`, text })))
const rule = (detection: string, head = 'title: T'): string =>
  `${head}\nlogsource: {product: windows}\ndetection:\n${detection.replaceAll(/^/gm, '    ')}\n`
const queryOf = (detection: string): string => {
  const { rules, failed } = compile(rule(detection))
  expect(failed).toEqual([])
  return printQuery(rules[0]!.query).replaceAll(' (whole value)', '')
}
const reasonOf = (text: string): string => compile(text).failed[0]!.reason

describe('a rule as a question', () => {
  test.each([
    ['s: {A: x, B: [y, 1]}\ncondition: s', 'A:x AND (B:y OR B:1)'],
    ['s: [{A: x}, {B: y}]\ncondition: s', 'A:x OR B:y'],
    ['s: {A|contains|all: [x, y]}\ncondition: s', 'A:*x* AND A:*y*'],
    ['s: {A: null}\nt: {B: ""}\ncondition: s or t', '(NOT _exists_:A) OR B:'],
    ['s: {A|exists: true}\ncondition: not s', 'NOT _exists_:A'],
    ["s: {A: '*'}\ncondition: s", '_exists_:A'],
    ['s: {A|gt: 5, B|lte: "7.5"}\ncondition: s', 'A:{5 TO *] AND B:[* TO 7.5]'],
    ['s: {A|neq: [x, y]}\ncondition: s', 'NOT (A:x OR A:y)'],
    ['s: {A|fieldref: B}\ncondition: s', 'A = B (any case)'],
    ['s: {A|hour|gte: 22}\ncondition: s', 'hour(A:[22 TO *])'],
    ['s: {A|timerange: "09:00-17:30"}\ncondition: s', 'minute-of-day(A:[540 TO 1050})'],
    [
      's: {A|timerange: "20:00-09:00"}\ncondition: s',
      'minute-of-day(A:[1200 TO *]) OR minute-of-day(A:[* TO 540})',
    ],
    [
      's: {A|day_of_week: [saturday, Sun, 1]}\ncondition: s',
      'weekday(A:[6 TO 6]) OR weekday(A:[7 TO 7]) OR weekday(A:[1 TO 1])',
    ],
    ['s: {A|day_of_year: "12-25"}\ncondition: s', 'date(A:[1225 TO 1225])'],
    ['a1: {A: x}\na2: {B: y}\n_c: {C: z}\ncondition: 1 of a* and not 1 of _c', '(A:x OR B:y) AND NOT C:z'],
    ['a: {A: 1}\nb: {A: 2}\nc: {A: 3}\ncondition: 2 of them', 'at least 2 of (A:1, A:2, A:3)'],
    ['s: {A: x}\nt: {B: y}\ncondition: [s, t]', 'A:x OR B:y'],
    ['s: {A: x}\nt: {B: y}\ncondition: S or T or s and NOT t'.replace('S or T or ', ''), 'A:x AND NOT B:y'],
  ])('%j', (detection, query) => {
    expect(queryOf(detection)).toBe(query)
  })

  test('case matters with "cased" only', () => {
    const { rules } = compile(rule('s: {A|cased: X, B: Y}\ncondition: s'))
    expect(rules[0]!.query).toMatchObject({
      of: [{ caseInsensitive: false }, { caseInsensitive: true, anyType: true }],
    })
  })

  test('fields are listed, those of references too', () => {
    expect(compile(rule('s: {B|fieldref: C, A: 1}\nk: [word]\ncondition: s or k')).rules[0]!.fields).toEqual([
      'A',
      'B',
      'C',
    ])
  })

  test.each(['s or t', 'not s', 't and not s', '1 of them', 'not 1 of them'])(
    'a rule with a placeholder without values finds nothing and is told: %s',
    (condition) => {
      const { rules } = compile(rule(`s: {A|expand: "%x%"}\nt: {A: 1}\ncondition: ${condition}`))
      expect(rules[0]!.placeholders).toEqual(['x'])
      expect(rules[0]!.query).toEqual({ kind: 'none' })
    },
  )

  test('a placeholder that the condition does not ask for needs no values', () => {
    const { rules } = compile(rule('s: {A|expand: "%x%"}\nt: {A: 1}\ncondition: t'))
    expect(rules[0]!.placeholders).toEqual([])
    expect(printQuery(rules[0]!.query)).toBe('A:1 (whole value)')
  })

  test('values that stand for too many texts are refused, not expanded', () => {
    const dashes = Array.from({ length: 9 }, (_, n) => `-a${n}`).join(' ')
    expect(reasonOf(rule(`s: {A|windash: '${dashes}'}\ncondition: s`))).toContain('at most 10000 texts')
    const { failed } = compile(rule(`s:\n  A: 1\n  B|windash: '${dashes}'\ncondition: s`))
    expect(failed[0]).toMatchObject({ line: 6, column: 7 })
  })
})

describe('rules that cannot be used', () => {
  test('are told with file, line, column and title, and spoil no other', () => {
    const { rules, failed, ruleCount, files } = compile(
      `${rule('s: {A|nope: x}\ncondition: s', 'title: Bad')}---\n${rule('s: {A: x}\ncondition: s')}`,
      'title: [',
      rule('s: {A: x}\ncondition: s and', 'title: Half'),
    )
    expect([files, ruleCount, rules.length]).toEqual([3, 4, 1])
    expect(failed.map(({ file, line, column, rule: title }) => [file, line, column, title])).toEqual([
      ['0.yml', 4, 9, 'Bad'],
      ['1.yml', 1, 9, undefined],
      ['2.yml', 5, 21, 'Half'],
    ])
    expect(failed[2]!.reason).toBe(
      'in the condition, a search identifier, "not", "1 of" or "(" expected, found the end',
    )
  })

  test.each([
    ['s: {A: x}\ncondition: t', 'one of the search identifiers "s" expected, found "t"'],
    ['s: {A: x}\ncondition: 1 of t*', 'at least 1 search identifier like "t*" expected, found 0'],
    ['s: {A: {B: x}}\ncondition: s', 'a value or a list of values expected, found a map'],
    ['s: {A|cidr: 10.0.0.0/33}\ncondition: s', 'a network like 10.0.0.0/8'],
    ['s: {A|gt: x}\ncondition: s', 'the modifier "gt" takes a number, found a text'],
    ['s: {A|contains|re: x}\ncondition: s', 'must be the first, found after "contains"'],
    ['s: {A|base64: "x*"}\ncondition: s', 'without wildcards'],
    ['s: {A|exists: 1}\ncondition: s', 'true or false, found a number'],
    ['s: {A|hour: 24}\ncondition: s', 'from 0 to 23, found 24'],
    ['s: {A|timerange: "9-17"}\ncondition: s', 'such as 20:00-09:00, found "9-17"'],
    ['s: {A|timerange: "24:00-09:00"}\ncondition: s', 'such as 20:00-09:00'],
    ['s: {A|day_of_week: mo}\ncondition: s', 'a day such as monday'],
    ['s: {A|day_of_year: "02-30"}\ncondition: s', 'MM-DD, found "02-30"'],
    ['s: {A|public_holiday_in: FR}\ncondition: s', 'needs the holidays of countries'],
    ['s: [null]\ncondition: s', 'a field for null expected'],
    ['s: {}\ncondition: s', 'a field or a keyword expected'],
    ['s: {A: x}', '"condition" expected, found none'],
    ['s: {A: x}\ncondition: s | near t', '"| near" of Sigma 1 has no counterpart'],
    ['s: {A: x}\ncondition: s | count( > 5', 'an aggregation like'],
  ])('%j: %s', (detection, reason) => {
    expect(reasonOf(rule(detection))).toContain(reason)
  })

  test('times are those of the zone that a rule names', () => {
    const detection = 's: {A|timerange: "09:00-17:00"}\ncondition: s'
    const { rules } = compile(rule(detection, 'title: T\ntimezone: Europe/Paris'))
    expect(printQuery(rules[0]!.query)).toBe('minute-of-day in Europe/Paris(A:[540 TO 1020})')
    expect(reasonOf(rule(detection, 'title: T\ntimezone: Mars/Base'))).toContain(
      'a time zone such as Europe/Paris expected',
    )
  })

  test('misspelt levels and ids that stand twice are warnings', () => {
    const one = rule('s: {A: x}\ncondition: s', 'title: T\nid: 1\nlevel: hihg\ndate: soon')
    const { rules, warnings } = compile(one, one)
    expect(rules.length).toBe(2)
    expect(warnings.map(({ reason }) => reason.slice(0, 30))).toEqual([
      'level: one of informational, l',
      'date: a date like 2024-01-31 e',
      'level: one of informational, l',
      'date: a date like 2024-01-31 e',
      'id: one of its own expected, f',
    ])
  })
})

describe('collections, filters and correlations', () => {
  const failure = rule('s: {EventID: 4625}\ncondition: s', 'title: F\nname: failure')

  test('global adds to what follows, repeat changes what came before, reset forgets', () => {
    const { rules } = compile(
      [
        'action: global\ntitle: G\nlogsource: {product: windows}\ndetection: {condition: s}',
        'detection: {s: {A: 1}}',
        'action: repeat\ndetection: {s: {B: 2}}',
        'action: reset',
        rule('s: {C: 3}\ncondition: s'),
      ].join('\n---\n'),
    )
    expect(
      rules.map(({ rule: { meta }, query }) => [
        meta.title,
        printQuery(query).replaceAll(' (whole value)', ''),
      ]),
    ).toEqual([
      ['G', 'A:1'],
      ['G', 'A:1 AND B:2'],
      ['T', 'C:3'],
    ])
  })

  test('a filter is added to the rules it names, of its log source', () => {
    const filter = (logSource: string): string =>
      `title: X\nlogsource: {${logSource}}\nfilter:\n  rules: [failure]\n  s: {User: scan}\n  condition: not s\n`
    const asked = (text: string): string =>
      printQuery(compile(failure, text).rules[0]!.query).replaceAll(' (whole value)', '')
    expect(asked(filter('product: windows'))).toBe('EventID:4625 AND NOT User:scan')
    expect(asked(filter('product: linux'))).toBe('EventID:4625')
    expect(compile(filter('product: windows')).failed[0]!.reason).toContain('found "failure"')
  })

  test('patterns of a rule mean nothing that a filter or a pipeline adds to it, nor theirs anything of it', () => {
    const own = rule(
      's: {A: 1}\n_x: {B: 2}\ncondition: s and not 1 of _*',
      'title: O\nid: 11111111-0000-4000-8000-000000000001',
    )
    const filter =
      'title: X\nlogsource: {product: windows}\nfilter:\n  rules: any\n  f: {C: 3}\n  _f: {D: 4}\n  condition: all of them\n'
    const pipeline = parsePipeline({
      file: 'p',
      text: 'transformations: [{type: add_condition, conditions: {E: 5}}, {type: add_condition, name: _x, conditions: {F: 6}}]',
    })
    const { rules } = compileSigma(
      [own, filter].map((text, at) => ({ file: String(at), text })),
      { pipelines: [pipeline] },
    )
    expect(printQuery(rules[0]!.query).replaceAll(' (whole value)', '')).toBe(
      'F:6 AND E:5 AND A:1 AND NOT B:2 AND C:3',
    )
  })

  test('a correlation stands on its rules, which are not reported unless it says so', () => {
    const correlation = (more: string): string =>
      `title: C\ncorrelation:\n  type: event_count\n  rules: [failure]\n  group-by: [User]\n  timespan: 15m\n  condition: {gte: 10, lt: 20}\n${more}`
    const { correlations, rules } = compile(correlation(''), failure)
    expect(correlations[0]).toMatchObject({
      type: 'event_count',
      timespanMs: 900_000,
      groupBy: ['User'],
      isReported: true,
    })
    expect(correlations[0]!.rules).toEqual([rules[0]])
    expect(rules[0]!.isReported).toBe(false)
    expect(compile(correlation('  generate: true\n'), failure).rules[0]!.isReported).toBe(true)
  })

  test('correlations in a circle, and of rules that are not there or failed, are told', () => {
    const temporal = (name: string, of: string): string =>
      `title: ${name}\nname: ${name}\ncorrelation: {type: temporal, rules: [${of}], timespan: 1m}\n`
    const { correlations, failed } = compile(
      temporal('a', 'b'),
      temporal('b', 'a'),
      temporal('c', 'nobody'),
      temporal('d', 'c'),
    )
    expect(correlations).toEqual([])
    expect(failed.map(({ reason }) => reason)).toEqual([
      'correlations that do not lead back to themselves expected, found "a" -> "b" -> "a"',
      'a correlation that can be used expected, found "b", which failed',
      'a rule\'s id or name expected, found "nobody", which is not there',
      'a correlation that can be used expected, found "c", which failed',
    ])
  })

  test('an aggregation of Sigma 1 becomes a correlation of its rule', () => {
    const { rules, correlations } = compile(
      rule('s: {A: x}\ntimeframe: 5m\ncondition: s | count(User) by Host > 3'),
    )
    expect(rules[0]!.isReported).toBe(false)
    expect(correlations[0]).toMatchObject({
      type: 'value_count',
      groupBy: ['Host'],
      timespanMs: 300_000,
      condition: { comparisons: [{ operator: 'gt', number: 3 }], fields: ['User'] },
    })
  })

  test('pipelines name the fields of correlations as those of the rules they are about', () => {
    const pipeline = parsePipeline({
      file: 'p',
      text: `transformations:
  - type: nest
    items: [{type: field_name_mapping, mapping: {User: user.name, Host: [host.name, hostname]}}]
    rule_conditions: [{type: logsource, product: windows}]
  - {type: field_name_prefix, prefix: x., rule_conditions: [{type: logsource, product: linux}]}`,
    })
    const base = (name: string, product: string): string =>
      `title: ${name}\nname: ${name}\nlogsource: {product: ${product}}\ndetection: {s: {A: 1}, condition: s}`
    const texts = [
      base('one', 'windows'),
      base('two', 'linux'),
      'title: inner\nname: inner\ncorrelation: {type: event_count, rules: [one], group-by: [User], timespan: 1h, condition: {gte: 2}}',
      `title: C
correlation:
  type: value_count
  rules: [one, two, inner]
  group-by: [User, who]
  aliases: {who: {one: Host, inner: User}}
  timespan: 1h
  condition: {gte: 2, field: Host}`,
      'title: S1\nlogsource: {product: windows}\ndetection: {s: {A: 1}, condition: s | count(Host) by User > 3}',
    ]
    const { correlations, failed } = compileSigma(
      texts.map((text, at) => ({ file: String(at), text })),
      { pipelines: [pipeline] },
    )
    expect(failed).toEqual([])
    expect(new Map(correlations.map(({ meta, fields }) => [meta.title, Object.fromEntries(fields)]))).toEqual(
      new Map<string, object>([
        ['inner', { User: [['user.name']] }],
        [
          'C',
          {
            User: [['user.name'], ['x.User'], ['User']],
            who: [['host.name', 'hostname'], ['x.who'], ['User']],
            Host: [['host.name', 'hostname'], ['x.Host'], ['Host']],
          },
        ],
        ['S1', { User: [['user.name']], Host: [['host.name', 'hostname']] }],
      ]),
    )
    expect(correlations.find(({ meta }) => meta.title === 'C')!.groupBy).toEqual(['User', 'who'])
  })
})

describe('hostile rules', () => {
  const rejected = (text: string): string => compile(text).failed[0]!.reason

  test('that would grow without end are refused', () => {
    const laughs = ['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
      (key, at) => `${key}: &${key} [${new Array(10).fill(`*${'abcdefgh'[at]}`).join(',')}]`,
    )
    expect(rejected(`a: &a [x]\n${laughs.join('\n')}`)).toContain('at most 100000 values')
    expect(rejected('a: &a [*a]')).toContain('within each other')
    expect(rejected(`a: ${'['.repeat(20_000)}`)).toContain('within each other')
    expect(rejected(rule(`s: {A: 1}\ncondition: ${'('.repeat(10_000)}s`))).toContain('at most 256 brackets')
    expect(rejected(rule(`s: {A: 1}\ncondition: ${'s and '.repeat(1000)}s`))).toBe(
      'in the condition, at most 1000 names and patterns of search identifiers expected, found 1001',
    )
    const conditions = new Array(1001).fill('s').join(',')
    expect(rejected(rule(`s: {A: 1}\ncondition: [${conditions}]`))).toContain(
      'at most 1000 names and patterns',
    )
    const identifiers = (count: number): string =>
      Array.from({ length: count }, (_, at) => `s${at}: {A: ${at}}\n`).join('')
    expect(rejected(rule(`${identifiers(1001)}condition: 1 of s*`))).toBe(
      'at most 1000 search identifiers expected, found 1001',
    )
    expect(rejected(rule(`${identifiers(100)}condition: ${'1 of s* or '.repeat(700)}s1`))).toContain(
      'at most 65536 parts',
    )
    expect(rejected(rule(`s: {A: '${'x'.repeat(1_000_000)}'}\ncondition: s`))).toContain(
      'at most 1000000 characters expected, found 1000',
    )
    const repeats = '\n---\naction: repeat\ntitle: again'.repeat(1200)
    expect(rejected(`${rule(`s: {A: 1}\ncondition: s`)}${repeats}`)).toContain(
      'characters at most 831 documents expected, found 1201',
    )
    const dashes = new Array(100).fill("'-a -b -c -d -e'").join(',')
    expect(rejected(rule(`s: {A|windash: [${dashes}]}\ncondition: s`))).toContain('at most 10000 texts')
  })

  test('whose aliases mean other things at other places are read as YAML means them', () => {
    const text = `title: T
logsource: {product: windows}
detection: {a: {A: &x 1}, b: {B: &y [*x]}, c: {C: &x 2, D: *y, E: *x}, condition: 1 of them}
`
    expect(printQuery(compile(text).rules[0]!.query)).toBe(
      printQuery(
        compile(rule('a: {A: 1}\nb: {B: [1]}\nc: {C: 2, D: [1], E: 2}\ncondition: 1 of them')).rules[0]!
          .query,
      ),
    )
  })

  test('with names of JavaScript are rules like others', () => {
    expect(queryOf('__proto__: {constructor: 1}\ncondition: __proto__')).toBe('constructor:1')
    const { failed } = compile(
      '__proto__: {x: 1}\ntitle: constructor\ncorrelation: {type: temporal, rules: [__proto__], timespan: 1m}',
    )
    expect(failed[0]!.reason).toContain('found "__proto__", which is not there')
  })
})

describe('rules of several people', () => {
  const RULES = `title: Of Ana
id: 10000000-0000-4000-8000-000000000001
name: shared
logsource: {product: windows}
detection: {s: {A: x}, condition: s}
---
title: Of Eve
id: 10000000-0000-4000-8000-000000000002
name: own
logsource: {product: windows}
detection: {s: {A: x}, condition: s}
`
  const ANY = `title: Any
logsource: {product: windows}
filter: {rules: any, s: {B: y}, condition: not s}
`
  const NAMED = ANY.replace('rules: any', 'rules: [shared, own]')
  const COUNTED = `title: Counted
correlation: {type: event_count, rules: [shared, own], timespan: 1m, condition: {gte: 5}}
`
  /** What becomes of both rules, when the other document has an owner. */
  const compileOf = (owner: string | undefined, text: string): SigmaCompilation => {
    const read = (file: string, source: string): readonly SigmaDocument[] =>
      parseSigmaDocuments({ file, text: source }).documents
    const [ana, eve] = read('rules.yml', RULES)
    const [other] = read('other.yml', text)
    return {
      ...compileDocuments([
        { ...ana!, owner: 'ana' },
        { ...eve!, owner: 'eve' },
        owner === undefined ? other! : { ...other!, owner },
      ]),
      files: 2,
      ruleCount: 3,
    }
  }
  const queriesOf = ({ rules }: SigmaCompilation): readonly string[] =>
    rules.map(({ query }) => printQuery(query).replaceAll(' (whole value)', ''))

  test.each([ANY, NAMED])('a filter of somebody is for their own rules: %#', (text) => {
    expect(queriesOf(compileOf('eve', text))).toEqual(['A:x', 'A:x AND NOT B:y'])
    expect(queriesOf(compileOf(undefined, text))).toEqual(['A:x AND NOT B:y', 'A:x AND NOT B:y'])
  })

  test('a filter that names a rule of somebody else is told', () => {
    expect(compileOf('eve', NAMED).failed.map(({ reason }) => reason)).toEqual([
      'rules of the same owner expected, found "shared"',
    ])
    expect(compileOf(undefined, NAMED).failed).toEqual([])
  })

  const reported = ({ rules }: SigmaCompilation): readonly boolean[] =>
    rules.map(({ isReported }) => isReported)

  test('a correlation of somebody stands for their own rules only', () => {
    const byId = COUNTED.replace('shared', '10000000-0000-4000-8000-000000000001')
    expect(compileOf('eve', byId).failed).toEqual([])
    expect(reported(compileOf('eve', byId))).toEqual([true, false])
    expect(reported(compileOf(undefined, COUNTED))).toEqual([false, false])
  })

  test('a name means no rule of somebody else; what is about it fails, and its other rules are reported', () => {
    const compilation = compileOf('eve', COUNTED)
    expect(compilation.failed.map(({ reason }) => reason)).toEqual([
      'a rule\'s id or name expected, found "shared", the name of a rule of somebody else, which its id means',
    ])
    expect(reported(compilation)).toEqual([true, true])
  })

  test('of rules with one name their owner means their own, and others one without an owner', () => {
    const read = (text: string, owner?: string): SigmaDocument => {
      const [document] = parseSigmaDocuments({ file: 'rules.yml', text }).documents
      return owner === undefined ? document! : { ...document!, owner }
    }
    const named = (title: string, owner?: string): SigmaDocument =>
      read(
        `title: ${title}\nname: same\nlogsource: {product: windows}\ndetection: {s: {A: ${title}}, condition: s}`,
        owner,
      )
    const counted = COUNTED.replace('[shared, own]', '[same]')
    const meantBy = (owner?: string): string | undefined => {
      const { correlations } = compileDocuments([
        named('Eve', 'eve'),
        named('Ana', 'ana'),
        named('Program'),
        read(counted, owner),
      ])
      const [found] = correlations[0]?.rules ?? []
      return found?.kind === 'rule' ? found.rule.meta.title : undefined
    }
    expect(['ana', 'eve', 'bob', undefined].map(meantBy)).toEqual(['Ana', 'Eve', 'Program', 'Program'])
  })
})

test('whoever takes rules as they are compiled gets all of them, and the compilation keeps what correlations are about', () => {
  const head = (name: string): string => `title: ${name}\nname: ${name}`
  const detection = 's: {A: x}\ncondition: s'
  const texts = [
    rule(detection, head('counted')),
    rule(detection, head('alone')),
    rule('s: {A: x}\ntimeframe: 1m\ncondition: s | count() > 5', head('aggregated')),
    'title: C\ncorrelation: {type: event_count, rules: [counted], timespan: 1m, condition: {gte: 5}}',
  ]
  const documents = texts.flatMap((text, at) => parseSigmaDocuments({ file: `${at}.yml`, text }).documents)
  const taken: CompiledRule[] = []
  const compilation = compileDocuments(documents, { onRule: (one) => taken.push(one) })
  const whole = compileDocuments(documents)
  expect(taken).toEqual(whole.rules)
  expect(compilation).toEqual({ ...whole, rules: [whole.rules[0], whole.rules[2]] })
  expect(
    compilation.correlations.flatMap(({ rules }) => rules).every((one) => taken.includes(one as never)),
  ).toBe(true)
})
