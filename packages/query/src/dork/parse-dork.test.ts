import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../limits.ts'
import type { Query } from '../query.ts'
import { isQueryError } from '../query-error.ts'
import { simplify } from '../simplify.ts'
import { compileWildcard } from '../wildcard.ts'
import { parseDork } from './parse-dork.ts'

const is = (field: string, pattern: string): Query => ({
  kind: 'wildcard',
  field,
  pattern,
  whole: true,
  caseInsensitive: true,
  anyType: true,
})
const phrase = (field: string | undefined, text: string): Query => ({ kind: 'phrase', field, text, slop: 0 })
const inside = (field: string | undefined, pattern: string): Query => ({
  kind: 'wildcard',
  field,
  pattern,
  whole: false,
  caseInsensitive: true,
})
const regexp = (field: string | undefined, pattern: string): Query => ({
  kind: 'regexp',
  field,
  pattern,
  caseInsensitive: false,
  anyType: true,
})
const number = (field: string, ends: object): Query => ({ kind: 'range', field, ...ends, anyType: true })
const and = (...of: Query[]): Query => ({ kind: 'and', of })
const or = (...of: Query[]): Query => ({ kind: 'or', of })
const not = (of: Query): Query => ({ kind: 'not', of })
const exists = (field: string): Query => ({ kind: 'exists', field })
const network = (field: string, pattern: string): Query => ({
  kind: 'regexp',
  field,
  pattern,
  caseInsensitive: true,
  anyType: true,
})

describe('what a dork asks', () => {
  it.each<[string, Query]>([
    ['', { kind: 'all' }],
    [' \t', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['*:*', { kind: 'all' }],
    ['evil', phrase(undefined, 'evil')],
    ['"two words"', phrase(undefined, 'two words')],
    ['evil*', inside(undefined, 'evil*')],
    ['/(evil|bad).*/', regexp(undefined, '(evil|bad).*')],
    [
      'event.type:connection AND NOT action.outcome:failure AND destination.domain:evil*',
      and(
        is('event.type', 'connection'),
        not(is('action.outcome', 'failure')),
        is('destination.domain', 'evil*'),
      ),
    ],
    [
      'sekoiaio.intake.parsing_status:"success" AND NOT(a:"apache" OR a:"nginx")',
      and(is('sekoiaio.intake.parsing_status', 'success'), not(or(is('a', 'apache'), is('a', 'nginx')))),
    ],
    ['destination.bytes:[100 TO 200]', number('destination.bytes', { gte: '100', lte: '200' })],
    ['b:{100 TO 200]', number('b', { gt: '100', lte: '200' })],
    ['b:[* TO 200}', number('b', { lt: '200' })],
    ['b:[* TO *]', exists('b')],
    ['destination.bytes:>=42', number('destination.bytes', { gte: '42' })],
    ['b:> -4.5e3', number('b', { gt: '-4.5e3' })],
    ['b:<42', number('b', { lt: '42' })],
    ['b:<= 42', number('b', { lte: '42' })],
    ['dns.question.name:*', exists('dns.question.name')],
    ['_exists_:a.b', exists('a.b')],
    ['source.ip: "1.2.3.4"', is('source.ip', '1.2.3.4')],
    ['source.ip: \\"1.2.3.4\\"', is('source.ip', '1.2.3.4')],
    ['event.id: ("a" OR "b")', or(is('event.id', 'a'), is('event.id', 'b'))],
    ['f:(a b)', and(is('f', 'a'), is('f', 'b'))],
    ['f:(NOT a OR (b AND c*))', or(not(is('f', 'a')), and(is('f', 'b'), is('f', 'c*')))],
    [
      'f:(>1 AND [* TO 9] OR -5)',
      or(and(number('f', { gt: '1' }), number('f', { lte: '9' })), is('f', '-5')),
    ],
    ['a:1 OR b:2 AND c:3', or(is('a', '1'), and(is('b', '2'), is('c', '3')))],
    ['a:1 b:2', and(is('a', '1'), is('b', '2'))],
    ['-a:1 !b:2 NOT NOT c:3', and(not(is('a', '1')), not(is('b', '2')), is('c', '3'))],
    ['a:1 && b:2 || c:3', or(and(is('a', '1'), is('b', '2')), is('c', '3'))],
    ['a and b', and(phrase(undefined, 'a'), phrase(undefined, 'and'), phrase(undefined, 'b'))],
    ['event.code:4625', is('event.code', '4625')],
    ['f:"a*b?"', is('f', 'a\\*b\\?')],
    ['f:a\\*b*', is('f', 'a\\*b*')],
    ['f:*\\Windows\\cmd.exe', is('f', '*\\\\Windows\\\\cmd.exe')],
    ['f:"C:\\Program Files\\x \\"y\\" \\\\z"', is('f', 'C:\\\\Program Files\\\\x "y" \\\\z')],
    ['f:a\\:b\\ c\\(d\\)', is('f', 'a:b c(d)')],
    ['message:"two words"', phrase('message', 'two words')],
    ['message:evil', phrase('message', 'evil')],
    ['message:ev*', inside('message', 'ev*')],
    ['message:/.*ev.*/', regexp('message', '.*ev.*')],
    ['message:"==>"', is('message', '*==>*')],
    ['f:/a@b\\/[#]&"x@"~/', regexp('f', 'a\\@b\\/[\\#]\\&"x@"\\~')],
    ['@timestamp:*', exists('datetime')],
    ['timestamp:>="2019-11-22"', { kind: 'range', field: 'datetime', gte: '2019-11-22' }],
    ['timestamp:<2019-11-22T10:00:00Z', { kind: 'range', field: 'datetime', lt: '2019-11-22T10:00:00Z' }],
    ['timestamp:"2019-11-22"', { kind: 'range', field: 'datetime', gte: '2019-11-22', lte: '2019-11-22' }],
    [
      'event.created:[2024-01 TO now]',
      { kind: 'range', field: 'event.created.keyword', gte: '2024-01', lte: 'now' },
    ],
    ['_id:x', { kind: 'ids', values: ['x'] }],
    [
      'ip:10.0.0.0/8',
      or(is('ip', '10.0.0.0/8'), network('ip', `10${'\\.(<0-9>|<10-99>|<100-255>)'.repeat(3)}`)),
    ],
  ])('%s', (text, query) => {
    expect(simplify(parseDork(text))).toEqual(simplify(query))
  })

  it('looks for a text of signs inside whole values, as no word index holds it', () => {
    expect(parseDork('"-->"')).toMatchObject({
      kind: 'wildcard',
      field: undefined,
      pattern: '*-->*',
      whole: true,
    })
  })

  it('gives fields the names of the store', () => {
    const nameField = (name: string) => `x.${name}`
    expect(parseDork('a:1', { nameField })).toEqual(is('x.a', '1'))
    expect(parseDork('_exists_:a', { nameField })).toEqual(exists('x.a'))
  })

  it("reads what Lucene's habit adds in the older language", () => {
    const read = (text: string) => parseDork(text, { language: 'es-query-string' })
    expect(read('+a:b~2 f:"x y"^3.5 (c)~')).toEqual(and(is('a', 'b'), is('f', 'x y'), phrase(undefined, 'c')))
    expect(parseDork('a:b~2')).toEqual(is('a', 'b~2'))
  })
})

/** The addresses of a list that a range finds. */
function find(text: string, addresses: readonly string[]): string[] {
  const query = parseDork(text)
  const leaves = query.kind === 'or' ? query.of : [query]
  const patterns = leaves.map((leaf) => {
    if (leaf.kind !== 'regexp') throw new Error(`a network expected, found ${leaf.kind}`)
    const source = leaf.pattern.replaceAll(/<(\d+)-(\d+)>/g, (_, low, high) => {
      const numbers = Array.from({ length: Number(high) - Number(low) + 1 }, (_, at) => Number(low) + at)
      return `(?:${numbers.join('|')})`
    })
    return new RegExp(`^(?:${source})$`)
  })
  return addresses.filter((address) => patterns.some((pattern) => pattern.test(address)))
}

describe('ranges of addresses', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'ip:[145.0.0.0 TO 145.255.255.255]',
      ['145.0.0.0', '145.9.8.7', '145.255.255.255'],
      ['144.255.255.255', '146.0.0.0'],
    ],
    ['ip:[10.0.0.3 TO 10.0.1.1}', ['10.0.0.3', '10.0.0.255', '10.0.1.0'], ['10.0.0.2', '10.0.1.1']],
    ['ip:>=255.255.255.254', ['255.255.255.254', '255.255.255.255'], ['255.255.255.253', '1.2.3.4']],
    ['ip:<0.0.0.2', ['0.0.0.0', '0.0.0.1'], ['0.0.0.2']],
    ['ip:["::1" TO "::3"]', ['::1', '::2', '0:0:0:0:0:0:0:3'], ['::4', '::']],
  ])('%s', (text, found, others) => {
    expect(find(text, [...found, ...others])).toEqual(found)
  })

  it('is nothing when the ends are the wrong way round', () => {
    expect(parseDork('ip:[10.0.0.2 TO 10.0.0.1]')).toEqual({ kind: 'none' })
  })

  it('finds exactly what lies between any two ends', () => {
    const write = (value: number) =>
      [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
    const end = fc.integer({ min: 0, max: 0x3ff }).map((value) => 0x0a000000 + value)
    fc.assert(
      fc.property(end, end, end, (low, high, probe) => {
        const query = parseDork(`ip:[${write(low)} TO ${write(high)}]`)
        const found =
          query.kind !== 'none' && find(`ip:[${write(low)} TO ${write(high)}]`, [write(probe)]).length > 0
        expect(found).toBe(probe >= low && probe <= high)
      }),
      { numRuns: 200 },
    )
  })
})

describe('what is refused, and where', () => {
  it.each<[string, number, RegExp]>([
    ['process.name:"cmd', 14, /quote is opened here and never closed/],
    ['process.name:cmd"', 17, /expected after "cmd", found "\\""/],
    ['a AND', 6, /a term, "NOT" or "\(" was expected, found the end of the query/],
    ['AND a', 1, /found "AND"/],
    ['a OR OR b', 6, /found "OR"/],
    ['NOT', 4, /found the end/],
    ['f:', 3, /expected after "f:", found the end/],
    ['f: AND a', 4, /expected after "f:", found "AND"/],
    ['f:=5', 3, /needs quotes/],
    ['f:!=5', 3, /found "!"/],
    ['f:~x', 3, /found "~"/],
    ['f == 5', 3, /"==", which is no operator/],
    ['f ==5', 3, /"==5", which is no operator/],
    ['a - b', 3, /no operator/],
    ['a:b:c', 4, /found ":".*write \\:/],
    ['f:::1', 3, /was expected, found ":"/],
    ['fi*ld:x', 1, /a field name .* before ":", found "fi\*ld"/],
    ['5f:x', 1, /found "5f"/],
    ['f:>abc', 4, /a number, an address or a date to compare with was expected, found "abc"/],
    ['f:>*', 4, /found "\*"/],
    ['f:>', 4, /found the end/],
    ['f:[1 TO', 8, /upper end of the range was expected, found the end/],
    ['f:[1 TO]', 8, /upper end of the range was expected, found "\]"/],
    ['f:[1 TO ]', 9, /upper end of the range was expected, found "\]"/],
    ['f:[1 5]', 6, /"TO" was expected, found "5"/],
    ['f:[1 TO 5', 10, /"\]" or "}" was expected, found the end/],
    ['f:[1 TO 10.0.0.1]', 4, /two ends of one kind were expected, found a number and an IPv4 address/],
    ['f:[10.0.0.1 TO "::1"]', 4, /an IPv4 address and an IPv6 address/],
    ['>5', 1, /needs a field/],
    ['[1 TO 2]', 1, /needs a field/],
    ['(a', 3, /"\(" of column 1 is never closed/],
    ['a)', 2, /never opened/],
    ['()', 2, /found "\)"/],
    ['f:(a g:b)', 7, /found ":"/],
    ['f:/[a/', 6, /in the regular expression, '\]' expected/],
    ['f:/a@[b/', 8, /'\]' expected/],
    ['f:/^a/', 4, /no "\^" expected at the beginning/],
    ['f:/a$/', 5, /no "\$" expected at the end/],
    ['f:/abc', 3, /never closed/],
    ['/etc/passwd', 6, /found "passwd"/],
    ['a"b"', 2, /found "\\""/],
    ['"a"~2', 4, /found "~2"/],
    ['""', 1, /text was expected/],
  ])('%j at column %i', (text, column, sentence) => {
    let error: unknown
    try {
      parseDork(text)
    } catch (thrown) {
      error = thrown
    }
    expect(isQueryError(error)).toBe(true)
    expect(error).toMatchObject({ column, query: text, message: expect.stringMatching(sentence) })
  })

  it.each([
    ['depth', `${'('.repeat(MAX_NESTING_DEPTH + 1)}a`],
    ['clauses', 'a '.repeat(MAX_CLAUSES + 1)],
    ['length', 'a'.repeat(MAX_QUERY_LENGTH + 1)],
    ['words of a phrase', `"${'a '.repeat(5000)}"`],
    ['clauses made of ranges of addresses', 'a:[1.0.0.1 TO 254.255.255.254] '.repeat(2000)],
  ])('limit of %s', (_, text) => {
    expect(() => parseDork(text)).toThrow(/more than|at most/)
  })
})

const pieces = [
  'a',
  'AND',
  'OR',
  'NOT',
  '-',
  '!',
  '(',
  ')',
  'f:',
  '"x y"',
  '\\"',
  '/x/',
  '/',
  '"',
  '*',
  '?',
  '\\',
]
const oddPieces = [
  '>',
  '<=',
  '[',
  '{',
  ' TO ',
  ']',
  '}',
  '1',
  '10.0.0.1',
  '::1',
  '2024-01-01',
  '&&',
  '~2',
  ' ',
  ':',
  '@',
  '\u0000',
  '\ud800',
  '\u2003',
]

describe('any text', () => {
  it('is read or refused with a QueryError whose column lies in it', () => {
    const list = fc.array(fc.constantFrom(...pieces, ...oddPieces), { maxLength: 14 })
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      list.map((all) => all.join(' ')),
      list.map((all) => all.join('')),
    )
    const language = fc.constantFrom('dork' as const, 'es-query-string' as const)
    fc.assert(
      fc.property(text, language, (query, language) => {
        try {
          parseDork(query, { language })
        } catch (error) {
          if (!isQueryError(error)) throw error
          expect(error.column).toBeLessThanOrEqual(query.length + 1)
          expect(error.column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('is found again when it is quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const query = parseDork(`f:"${value.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`)
        const leaf = query.kind === 'or' ? query.of[0]! : query
        expect(leaf.kind === 'wildcard' && compileWildcard(leaf.pattern).isExact).toBe(value)
      }),
    )
  })

  it.each([...pieces, ...oddPieces, 'NOT ', '~1', 'f:(', 'f:[', 'a~1^2', '\\" ', 'f:/a', '"a" ', 'a OR '])(
    'of 50,000 characters of %j ends',
    (piece) => {
      const text = piece.repeat(Math.ceil(50_000 / piece.length))
      for (const language of ['dork', 'es-query-string'] as const) {
        for (const query of [text, `f:${text}x`]) {
          try {
            simplify(parseDork(query, { language }))
          } catch (error) {
            if (!isQueryError(error)) throw error
          }
        }
      }
    },
  )
})
