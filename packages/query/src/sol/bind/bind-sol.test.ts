import { describe, expect, it } from 'vitest'
import { MAX_CLAUSES } from '../../limits.ts'
import type { Query } from '../../query.ts'
import { parseSol } from '../parse/parse-sol.ts'
import type { SolValue } from '../value.ts'
import { type BoundSolPipeline, bindSol, evaluateSol } from './bind-sol.ts'
import type { SolBindings } from './bindings.ts'

const nowMs = Date.parse('2026-03-26T10:30:00Z')

function bind(text: string, more: Partial<SolBindings> = {}): BoundSolPipeline {
  const program = parseSol(text)
  return bindSol(program, program.main, { nowMs, ...more })
}

/** The question that a condition on events becomes. */
function ask(condition: string): Query {
  const { filter, steps } = bind(`events | where ${condition}`)
  expect(steps).toEqual([])
  return filter
}

const whole = (pattern: string, caseInsensitive = false, field = 'a'): Query => ({
  kind: 'wildcard',
  field,
  pattern,
  whole: true,
  caseInsensitive,
  anyType: true,
})
const number = (ends: object): Query => ({ kind: 'range', field: 'a', ...ends, anyType: true })
const time = (ends: object): Query => ({ kind: 'range', field: 'datetime', ...ends })
const not = (of: Query): Query => ({ kind: 'not', of })
const or = (...of: Query[]): Query => ({ kind: 'or', of })
const exists: Query = { kind: 'exists', field: 'a' }
const same = (how: 'equal' | 'contains', caseInsensitive = false): Query => ({
  kind: 'fields',
  field: 'a',
  other: 'b',
  how,
  caseInsensitive,
})

describe('conditions as questions', () => {
  it.each<[string, Query]>([
    ['a == "x*\\y"', whole('x\\*\\\\y')],
    ['a =~ "x"', whole('x', true)],
    ['a != "x"', not(whole('x'))],
    ['a == 4625', number({ gte: '4625', lte: '4625' })],
    ['a == true', whole('true', true)],
    ['a', whole('true', true)],
    ['a == null', not(exists)],
    ['a != null', exists],
    ['isnull(a)', not(exists)],
    ['not isnull(a)', exists],
    ['a < null', { kind: 'none' }],
    ['a > 5', number({ gt: '5' })],
    ['5 > a', number({ lt: '5' })],
    ['a >= 1000*1000', number({ gte: '1000000' })],
    ['a contains "x"', whole('*x*')],
    ['a startswith~ "x"', whole('x*', true)],
    ['a endswith "x"', whole('*x')],
    ['not a contains tolower("X" + "Y")', not(whole('*xy*'))],
    ['a in ["x", 1, null]', or(whole('x'), number({ gte: '1', lte: '1' }), not(exists))],
    ['a in~ ("x")', whole('x', true)],
    ['a in []', { kind: 'none' }],
    ['a !in ["x"]', not(whole('x'))],
    ['a between (1 .. 5)', number({ gte: '1', lte: '5' })],
    [
      'a matches regex ".*\\.sh"',
      { kind: 'regexp', field: 'a', pattern: '.*\\.sh', caseInsensitive: false, anyType: true },
    ],
    ['a match @"x(?:y)"', { kind: 'none' }],
    ['a == b', same('equal')],
    ['a != b', not(same('equal'))],
    ['a contains~ b', same('contains', true)],
    ['timestamp > ago(1h)', time({ gt: '2026-03-26T09:30:00.000Z' })],
    ['timestamp >= (7d)', time({ gte: '2026-03-19T10:30:00.000Z' })],
    ['timestamp < now(-2d)', time({ lt: '2026-03-24T10:30:00.000Z' })],
    ['timestamp <= now() - 30m', time({ lte: '2026-03-26T10:00:00.000Z' })],
    ['timestamp >= "2026-01-01"', time({ gte: '2026-01-01' })],
    [
      'event.created > ago(0s)',
      { kind: 'range', field: 'event.created.keyword', gt: '2026-03-26T10:30:00.000Z' },
    ],
    [
      'a == 1 and (a == 2 or not a == 3)',
      {
        kind: 'and',
        of: [
          number({ gte: '1', lte: '1' }),
          or(number({ gte: '2', lte: '2' }), not(number({ gte: '3', lte: '3' }))),
        ],
      },
    ],
    ['true', { kind: 'all' }],
  ])('%s', (condition, query) => {
    expect(ask(condition)).toEqual(query)
  })

  it('leave to rows what no question can say', () => {
    const { filter, steps } = bind('events | where a == "x" and tolower(b) == "y" and c > d')
    expect(filter).toEqual(whole('x'))
    expect(steps).toMatchObject([
      { kind: 'where', filter: { kind: 'all' }, rest: { kind: 'and', of: [{}, {}] } },
    ])
    expect(bind('events | where a == "x" or tolower(b) == "y"')).toMatchObject({
      filter: { kind: 'all' },
      steps: [{ rest: { kind: 'or' } }],
    })
  })

  it('are the filter of the source only where they stand right after it', () => {
    const { filter, steps } = bind(
      'events | where a == "x" | where timestamp > ago(1h) | limit 5 | where timestamp > ago(1h)',
    )
    expect(filter).toEqual({ kind: 'and', of: [whole('x'), time({ gt: '2026-03-26T09:30:00.000Z' })] })
    expect(steps).toEqual([
      { kind: 'limit', count: 5 },
      {
        kind: 'where',
        filter: { kind: 'range', field: 'timestamp', gt: '2026-03-26T09:30:00.000Z' },
        rest: undefined,
      },
    ])
  })

  it('keep the names of other tables, and take those of the store for events', () => {
    expect(bind('alerts | where created_at > ago(1h)').filter).toMatchObject({ field: 'created_at' })
    expect(bind('events | where a == "x"', { nameField: (name) => `s.${name}` }).filter).toEqual(
      whole('x', false, 's.a'),
    )
  })
})

describe('what a run puts in', () => {
  it('gives parameters their values', () => {
    const parameters = new Map<string, SolValue>([
      ['time.start', '2026-01-01T00:00:00Z'],
      ['time.end', { kind: 'time', ms: nowMs }],
      ['names', ['x', 'y']],
      ['name', 'x'],
    ])
    const { filter } = bind(
      'events | where timestamp between (?time.start .. ?time.end) | where a in ?names | where a in ?name',
      { parameters },
    )
    expect(filter).toEqual({
      kind: 'and',
      of: [
        time({ gte: '2026-01-01T00:00:00Z', lte: '2026-03-26T10:30:00.000Z' }),
        or(whole('x'), whole('y')),
        whole('x'),
      ],
    })
  })

  it('gives what pipelines found', () => {
    const text = 'let n = toscalar(alerts | count); events | where a in (intakes | select uuid) and b < n'
    const resultOf = (name: string) => (name === '(1)' ? [7] : ['u', 'v'])
    expect(bind(text, { resultOf }).filter).toEqual({
      kind: 'and',
      of: [or(whole('u'), whole('v')), { kind: 'range', field: 'b', lt: '7', anyType: true }],
    })
  })

  it('calculates named values, and puts what is known into the other steps', () => {
    const program = parseSol(
      'let labels = {"a": "A"}; let key = "a"; events | extend x = labels[key], y = labels[b], z = c / (2 * 5)',
    )
    const { steps } = bindSol(program, program.main, { nowMs })
    expect(steps).toMatchObject([
      {
        columns: [
          { value: { kind: 'constant', value: 'A' } },
          { value: { kind: 'at', of: { kind: 'constant', value: { kind: 'dict' } }, key: { name: 'b' } } },
          { value: { kind: 'arithmetic', right: { kind: 'constant', value: 10 } } },
        ],
      },
    ])
    expect(evaluateSol(program, { kind: 'let', name: 'key' }, { nowMs })).toBe('a')
    expect(evaluateSol(program, { kind: 'column', name: 'b' }, { nowMs })).toBeUndefined()
  })

  it('does not put texts together without end', () => {
    const text = (length: number) => `let v = "${'x'.repeat(length)}"; let w = v + v; events | where a == w`
    expect(bind(text(30_000)).filter).toEqual(whole('x'.repeat(60_000)))
    expect(bind(text(40_000))).toMatchObject({
      filter: { kind: 'all' },
      steps: [{ kind: 'where', rest: {} }],
    })
  })

  it.each<[string, number, RegExp, Partial<SolBindings>]>([
    ['events | where a == ?name', 21, /a value for the parameter \?name was expected, found none/, {}],
    ['events | where a in (alerts | select uuid)', 21, /rows of this pipeline were expected first/, {}],
    ['events | where a matches regex "[a"', 32, /at its character 3, '\]' expected/, {}],
    [
      'events | where a in ?l',
      0,
      /at most 65536 values/,
      { parameters: new Map([['l', Array(MAX_CLAUSES + 1).fill(1)]]) },
    ],
  ])('refuses %s', (text, column, sentence, more) => {
    let error: unknown
    try {
      bind(text, more)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'bad-query', column, message: expect.stringMatching(sentence) })
  })
})
