import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../../limits.ts'
import { isQueryError } from '../../query-error.ts'
import { bindSol } from '../bind/bind-sol.ts'
import type { SolExpression } from '../expression.ts'
import type { SolStep } from '../program.ts'
import { SOL_TABLES } from '../tables.ts'
import type { SolValue } from '../value.ts'
import { parseSol } from './parse-sol.ts'

const column = (name: string): SolExpression => ({ kind: 'column', name })
const call = (name: string, ...of: SolExpression[]): unknown => ({ kind: 'call', name, of })
const days = (count: number): SolExpression => ({
  kind: 'constant',
  value: { kind: 'timespan', ms: count * 86_400_000 },
})

/** The steps after `events`. */
function stepsOf(text: string): readonly SolStep[] {
  return parseSol(`events | ${text}`).main.steps
}

describe('operators', () => {
  it.each<[string, readonly unknown[]]>([
    ['count', [{ kind: 'count' }]],
    ['limit 5', [{ kind: 'limit', count: 5 }]],
    ['select a.b, c = d', [{ kind: 'select', columns: [col('a.b'), { name: 'c', value: column('d') }] }]],
    ['project a', [{ kind: 'select', columns: [col('a')] }]],
    [
      'extend tolower(a)',
      [{ kind: 'extend', columns: [{ name: 'result', value: call('tolower', column('a')) }] }],
    ],
    ['distinct a, b', [{ kind: 'distinct', columns: [col('a'), col('b')] }]],
    ['distinct(a)', [{ kind: 'distinct', columns: [col('a')] }]],
    ['order by a', [{ kind: 'order', by: [{ value: column('a'), direction: 'desc' }] }]],
    [
      'sort by a asc, b desc',
      [
        {
          kind: 'order',
          by: [
            { value: column('a'), direction: 'asc' },
            { value: column('b'), direction: 'desc' },
          ],
        },
      ],
    ],
    [
      'top 3 by a asc',
      [
        { kind: 'order', by: [{ value: column('a'), direction: 'asc' }] },
        { kind: 'limit', count: 3 },
      ],
    ],
    ['render number', [{ kind: 'render', chart: 'number', options: {} }]],
    [
      'render linechart with(x=date, y=count, breakdown_by=a.b, mode=stacked) | limit 1',
      [
        {
          kind: 'render',
          chart: 'linechart',
          options: { x: 'date', y: 'count', breakdown_by: 'a.b', mode: 'stacked' },
        },
        { kind: 'limit', count: 1 },
      ],
    ],
  ])('%s', (text, steps) => {
    expect(stepsOf(text)).toEqual(steps)
  })

  it.each<[string, string, string, boolean]>([
    ['join entities on entity_uuid == uuid', 'inner', 'entity', true],
    ['inner join communities on a == uuid', 'inner', 'community', true],
    ['left join intake_formats on a == uuid', 'left', 'intake_format', true],
    ['leftanti join assets on a == uuid', 'leftanti', 'asset', true],
    ['rightanti join cases on a == uuid', 'rightanti', 'case', true],
    ['lookup intakes on a == uuid into feed', 'left', 'feed', false],
  ])('%s', (text, how, model, hasRightKeys) => {
    expect(stepsOf(text)).toMatchObject([{ kind: 'join', how, model, hasRightKeys, on: [{ right: 'uuid' }] }])
  })

  it('joins by several keys, one name being that of both sides', () => {
    expect(stepsOf('join alerts on uuid, a.b == c')).toMatchObject([
      {
        on: [
          { left: 'uuid', right: 'uuid' },
          { left: 'a.b', right: 'c' },
        ],
      },
    ])
  })

  it('names the columns of aggregates', () => {
    const [step] = stepsOf(
      'aggregate count(), sum(a.b), count_distinct(c), total = sum(a) / 1024, countif(x == 1) by d.e, bin(timestamp, 1d), month(t), w = week(t), iff(a > 1, "x", "y")',
    )
    expect(step?.kind === 'aggregate' && step.aggregates.map(({ name }) => name)).toEqual([
      'count',
      'sum_a.b',
      'count_distinct_c',
      'total',
      'countif',
    ])
    expect(step?.kind === 'aggregate' && step.by.map(({ name }) => name)).toEqual([
      'd.e',
      'bin_timestamp',
      't_month',
      'w',
      'result',
    ])
  })
})

function col(name: string): unknown {
  return { name, value: column(name) }
}

describe('programs', () => {
  it.each(SOL_TABLES)('asks %s', (table) => {
    expect(parseSol(table).main).toEqual({ source: { kind: 'table', name: table }, steps: [] })
  })

  it('have settings, values, labels and pipelines with names', () => {
    const program = parseSol(`
      // name: an example
      set internal_fetch_limit = 50000;
      let start = ago(7d);  // a comment
      let labels = {"failure": "Failed", 'success': "Good"};
      let new_hosts = assets | where type == "host" | select uuid;

      events
      //| where never == 1
      | where timestamp >= start and not sekoiaio.any_asset.uuid in new_hosts
      | lookup new_hosts on sekoiaio.any_asset.uuid == uuid
      | extend label = labels[event.outcome];`)
    expect(program.fetchLimit).toBe(50_000)
    expect(program.lets.map(({ name, kind }) => [name, kind])).toEqual([
      ['start', 'value'],
      ['labels', 'value'],
      ['new_hosts', 'pipeline'],
    ])
    expect(program.lets[0]).toMatchObject({ value: call('ago', days(7)) })
    expect(program.main.steps).toMatchObject([
      { kind: 'where' },
      { kind: 'join', right: { kind: 'let', name: 'new_hosts' }, model: 'asset' },
      { kind: 'extend', columns: [{ value: { kind: 'at', of: { kind: 'let', name: 'labels' } } }] },
    ])
  })

  it('put pipelines in parentheses before what needs them', () => {
    const program = parseSol(
      'let n = toscalar(alerts | where uuid in (cases | distinct uuid) | count); events | where a in (intakes | select uuid) and b < n',
    )
    expect(program.lets.map(({ name }) => name)).toEqual(['(1)', '(2)', 'n', '(3)'])
    expect(program.lets[2]).toMatchObject({ value: { kind: 'result', name: '(2)', as: 'scalar' } })
  })

  it('tell their parameters', () => {
    const { parameters } = parseSol(
      'events | where timestamp between (?time.start..?time.end) | where a in ?names or b == ?time.start',
    )
    expect(parameters).toEqual(['time.start', 'time.end', 'names'])
  })

  it('may ask data sets that are there', () => {
    expect(parseSol('users | limit 1', { dataSets: ['users'] }).main.source).toEqual({
      kind: 'table',
      name: 'users',
    })
    expect(() => parseSol('users | limit 1')).toThrow(/a table .* was expected, found "users"/)
  })
})

describe('expressions', () => {
  const read = (text: string): unknown => {
    const [step] = stepsOf(`extend x = ${text}`)
    return step?.kind === 'extend' && step.columns[0]!.value
  }
  const one = (value: SolValue): SolExpression => ({ kind: 'constant', value })

  it.each<[string, unknown]>([
    ["'a\"b'", one('a"b')],
    ['"C:\\Program Files\\x"', one('C:\\Program Files\\x')],
    ['"a\\"b\\\\c"', one('a"b\\c')],
    ["@'\\d+\\'", one('\\d+\\')],
    ['1.5', one(1.5)],
    ['-2', one(-2)],
    ['- -2', one(2)],
    ['-1h', one({ kind: 'timespan', ms: -3_600_000 })],
    ['null', one(null)],
    ['@timestamp', column('@timestamp')],
    [
      'a + b * c',
      {
        kind: 'arithmetic',
        operator: '+',
        left: column('a'),
        right: expect.objectContaining({ operator: '*' }),
      },
    ],
    [
      'a - b - c',
      {
        kind: 'arithmetic',
        operator: '-',
        left: expect.objectContaining({ operator: '-' }),
        right: column('c'),
      },
    ],
    [
      'a or b and not c',
      { kind: 'or', of: [column('a'), { kind: 'and', of: [column('b'), { kind: 'not', of: column('c') }] }] },
    ],
    [
      'a contains~ "x"',
      { kind: 'text', how: 'contains', ignoreCase: true, left: column('a'), right: one('x') },
    ],
    [
      "a startswith('x')",
      { kind: 'text', how: 'startswith', ignoreCase: false, left: column('a'), right: one('x') },
    ],
    ['a =~ "x"', { kind: 'compare', operator: '==', ignoreCase: true, left: column('a'), right: one('x') }],
    [
      'a in~ ("x", "y")',
      { kind: 'in', of: column('a'), ignoreCase: true, list: { kind: 'list', of: [one('x'), one('y')] } },
    ],
    [
      'a !in ["x"]',
      {
        kind: 'not',
        of: { kind: 'in', of: column('a'), ignoreCase: false, list: { kind: 'list', of: [one('x')] } },
      },
    ],
    [
      'parse_json(a).b[0]',
      { kind: 'at', of: { kind: 'at', of: call('parse_json', column('a')), key: one('b') }, key: one(0) },
    ],
    ['split(a, " ", 1)[0]', { kind: 'at', of: call('split', column('a'), one(' '), one(1)), key: one(0) }],
    ['count / total', { kind: 'arithmetic', operator: '/', left: column('count'), right: column('total') }],
  ])('%s', (text, expression) => {
    expect(read(text)).toEqual(expression)
  })
})

describe('what is refused, and where', () => {
  it.each<[string, number, RegExp]>([
    ['', 1, /a table \(events, alerts, .* was expected, found the end/],
    ['evnts | count', 1, /found "evnts"/],
    ['events | wher a == 1', 10, /an operator \(where, .* was expected, found "wher"/],
    ['events |', 9, /an operator .* found the end/],
    ['events where a == 1', 8, /"\|" or the end of the query was expected, found "where"/],
    ['events | where a = 1', 18, /"==" \(or "=~" for any case\) was expected/],
    ['events | where a == ', 21, /a column, a value or "\(" was expected, found the end/],
    ['events | where a == "x', 21, /opened here and not closed/],
    ['events | where a == "x\n| count', 21, /not closed on its line/],
    ['events | where (a == 1', 23, /"\)" was expected/],
    ['events | where a == 7w', 21, /a timespan in s, m, h or d/],
    ['events | where a == 1x1', 21, /found "1x1"/],
    ['events | where and', 16, /found "and"/],
    ['events | where a AND b', 18, /"\|" or the end of the query was expected, found "AND"/],
    ['events | where a § b', 18, /found "§"/],
    ['events | where a in b', 21, /a list .* was expected, found "b"/],
    ['events | where a between (1, 2)', 28, /"\.\." was expected/],
    ['events | where a matches "x"', 26, /"regex" was expected/],
    ['events | where nosuch(a)', 16, /a function \(.* was expected, found "nosuch"/],
    ['events | where count() > 1', 16, /a function of one row/],
    ['events | extend x = extract("a", 1)', 21, /extract\(\) takes 3 arguments, found 2/],
    ['events | aggregate a by b', 20, /a function of the group/],
    ['events | aggregate sum(max(a))', 24, /a function of one row/],
    ['events | aggregate count(), count()', 29, /"count" is there twice/],
    ['events | select tolower(a), b + 1', 29, /"result" is there twice/],
    ['events | aggregate count() by count', 28, /"count" is there twice/],
    ['events | limit many', 16, /a whole number of rows/],
    ['events | limit 1.5', 16, /a whole number of rows/],
    ['events | top 5 a', 16, /"by" was expected/],
    ['events | join nothing on a', 15, /a table/],
    ['events | left intakes', 15, /"join" was expected/],
    ['events | join intakes into a', 23, /"on" was expected/],
    ['events | render pie', 17, /a chart \(number, /],
    ['events | render number with (z=a)', 30, /an option of a chart/],
    ['events | render number with (mode=round)', 35, /"grouped" or "stacked"/],
    ['set speed = 1; events', 5, /"internal_fetch_limit" was expected/],
    ['set internal_fetch_limit = 1000001; events', 28, /from 1 to 1000000/],
    ['let a = 1 events', 11, /";" was expected/],
    ['let a = 1; let a = 2; events', 16, /named twice/],
    ['let a = nothing; events', 9, /a value, or a name that stands for one/],
    ['let r = events | count; events | where a == r', 45, /names rows/],
    ['let 5 = 1; events', 5, /a name for a value/],
    ['events | where ?', 17, /name of a parameter/],
    ['let d = {"a": 1, "a": 2}; events', 18, /there twice/],
  ])('%j at column %i', (text, place, sentence) => {
    let error: unknown
    try {
      parseSol(text)
    } catch (thrown) {
      error = thrown
    }
    expect(isQueryError(error)).toBe(true)
    expect(error).toMatchObject({ column: place, query: text, message: expect.stringMatching(sentence) })
  })

  const doubled = Array.from({ length: 60 }, (_, at) => `let v${at + 1} = coalesce(v${at}, v${at});`).join('')
  it.each([
    ['groups', `events | where ${'('.repeat(MAX_NESTING_DEPTH + 1)}`],
    ['lists', `events | where a in ${'['.repeat(MAX_NESTING_DEPTH + 1)}`],
    ['pipelines', 'events | where a in ('.repeat(MAX_NESTING_DEPTH + 1)],
    ['operators', `events | where ${'1+'.repeat(MAX_NESTING_DEPTH + 1)}1`],
    ['members', `events | where a${'[0]'.repeat(MAX_NESTING_DEPTH + 1)}`],
    ['parts', `events | where a in [${'1,'.repeat(MAX_CLAUSES)}1]`],
    ['steps', `events ${'| count '.repeat(MAX_CLAUSES + 1)}`],
    ['length', ' '.repeat(MAX_QUERY_LENGTH + 1)],
    ['names that double what they name', `let v0 = 1;${doubled} events | where a == v60`],
  ])('limit of %s', (_, text) => {
    expect(() => parseSol(text)).toThrow(/more than|at most/)
  })
})

const pieces = [
  ...[
    'events',
    'alerts',
    '|',
    'where',
    'a',
    '==',
    '"x"',
    'and',
    'or',
    'not',
    '(',
    ')',
    '[',
    ']',
    'in',
    ',',
    '1',
    '7d',
  ],
  ...[
    'select',
    'extend',
    'x =',
    'aggregate',
    'count()',
    'by',
    'order by',
    'limit 1',
    'join',
    'on',
    'let',
    'set',
    ';',
    '=',
  ],
  ...[
    '?time.start',
    '..',
    'between',
    'matches regex',
    'contains~',
    'startswith',
    'toscalar(',
    'ago(1d)',
    'null',
    '{',
    '}',
  ],
  ...[
    ':',
    '.',
    '-',
    '*',
    '/',
    '//',
    '\n',
    "'",
    '@"',
    '\\',
    '~',
    '!',
    '\u0000',
    '\ud800',
    'render',
    'number',
    'iff(',
  ],
]

describe('any text', () => {
  it('is read or refused with a QueryError whose column lies in it', () => {
    const list = fc.array(fc.constantFrom(...pieces), { maxLength: 16 })
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      list.map((all) => all.join(' ')),
      list.map((all) => `events | where ${all.join(' ')}`),
      list.map((all) => all.join('')),
    )
    fc.assert(
      fc.property(text, (query) => {
        try {
          const program = parseSol(query)
          bindSol(program, program.main, { nowMs: 0, resultOf: () => ['x', 1, null] })
        } catch (error) {
          if (!isQueryError(error)) throw error
          expect(error.column).toBeLessThanOrEqual(query.length + 1)
          expect(error.column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each(pieces)('of 50,000 characters of %j ends', (piece) => {
    const many = `${piece} `.repeat(Math.ceil(50_000 / (piece.length + 1)))
    for (const text of [many, `events | where ${many}`, `events | where a ${many}`]) {
      try {
        const program = parseSol(text)
        bindSol(program, program.main, { nowMs: 0 })
      } catch (error) {
        if (!isQueryError(error)) throw error
      }
    }
  })
})
