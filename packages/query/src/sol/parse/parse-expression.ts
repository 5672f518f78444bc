import { MAX_NESTING_DEPTH } from '../../limits.ts'
import type { SolCall, SolCompare, SolExpression, SolTextTest } from '../expression.ts'
import { findFunction, listFunctions } from '../functions.ts'
import type { SolValue } from '../value.ts'
import { isSource, type Scope } from './scope.ts'
import type { Token, TokenReader } from './token-reader.ts'

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const TEXT_TESTS: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith'])
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const VALUE = 'a column, a value or "("'

/**
 * What an expression may hold besides values: columns (`row`), functions of groups of rows as well (`group`), or neither
 * (`value`, of a `let`).
 */
export type ExpressionUse = 'row' | 'group' | 'value'

/**
 * Reads an expression. NOT binds closer than AND, AND closer than OR, comparisons closer than those, `*` and `/` closer than
 * `+` and `-`.
 */
export function parseExpression(scope: Scope, use: ExpressionUse = 'row'): SolExpression {
  return new ExpressionParser(scope, use).parse()
}

class ExpressionParser {
  readonly #scope: Scope
  #use: ExpressionUse

  constructor(scope: Scope, use: ExpressionUse) {
    this.#scope = scope
    this.#use = use
  }

  parse(): SolExpression {
    const of = [this.#readAnd()]
    while (this.#scope.reader.take('or')) of.push(this.#readAnd())
    return of.length === 1 ? of[0]! : { kind: 'or', of }
  }

  #readAnd(): SolExpression {
    const of = [this.#readNot()]
    while (this.#scope.reader.take('and')) of.push(this.#readNot())
    return of.length === 1 ? of[0]! : { kind: 'and', of }
  }

  #readNot(): SolExpression {
    let isNegated = false
    while (this.#scope.reader.take('not')) isNegated = !isNegated
    const expression = this.#readTest()
    return isNegated ? { kind: 'not', of: expression } : expression
  }

  #readTest(): SolExpression {
    const { reader } = this.#scope
    const left = this.#readSum()
    const token = reader.peek()
    if (token.kind === 'sign') {
      if (COMPARISONS.has(token.text) || token.text === '=~') {
        reader.next()
        const operator = (token.text === '=~' ? '==' : token.text) as SolCompare['operator']
        return { kind: 'compare', operator, ignoreCase: token.text === '=~', left, right: this.#readSum() }
      }
      if (token.text === '=') reader.failAt(token, '"==" (or "=~" for any case)')
      if (token.text === '!' && reader.isNext('in', 1)) {
        reader.next()
        reader.next()
        return { kind: 'not', of: this.#readIn(left) }
      }
    }
    if (token.kind !== 'name') return left
    if (TEXT_TESTS.has(token.text)) {
      reader.next()
      const how = token.text as SolTextTest['how']
      return { kind: 'text', how, ignoreCase: reader.take('~'), left, right: this.#readSum() }
    }
    if (reader.take('in')) return this.#readIn(left)
    if (reader.take('between')) {
      reader.expect('(')
      const low = this.#readSum()
      reader.expect('..')
      const high = this.#readSum()
      reader.expect(')')
      return { kind: 'between', of: left, low, high }
    }
    if (token.text === 'matches' || token.text === 'match') {
      reader.next()
      if (token.text === 'matches') reader.expect('regex')
      const column = reader.peek().start + 1
      return { kind: 'matches', of: left, pattern: this.#readSum(), column }
    }
    return left
  }

  #readIn(of: SolExpression): SolExpression {
    const { reader } = this.#scope
    const ignoreCase = reader.take('~')
    const token = reader.peek()
    const start = token.start + 1
    if (reader.isNext('(')) {
      const inner = reader.peek(1)
      const isPipeline = isSource(this.#scope, inner) && (reader.isNext('|', 2) || reader.isNext(')', 2))
      if (isPipeline) return { kind: 'in', of, ignoreCase, list: this.#readPipeline('list') }
      reader.next()
      return { kind: 'in', of, ignoreCase, list: this.#readList(')') }
    }
    if (isSource(this.#scope, token) && this.#scope.lets.get(token.text)?.kind === 'pipeline') {
      reader.next()
      return {
        kind: 'in',
        of,
        ignoreCase,
        list: { kind: 'result', name: token.text, as: 'list', column: start },
      }
    }
    const isList = reader.isNext('[') || token.kind === 'parameter' || this.#scope.lets.has(token.text)
    if (!isList) reader.failAt(token, 'a list (["a", "b"]), a name of one, or a pipeline in parentheses')
    return { kind: 'in', of, ignoreCase, list: this.#readPrimary() }
  }

  #readSum(): SolExpression {
    return this.#readChain(['+', '-'], () => this.#readChain(['*', '/'], () => this.#readUnary()))
  }

  /** Operators of one rank, from left to right; a long chain is a deep tree. */
  #readChain(operators: readonly ('+' | '-' | '*' | '/')[], read: () => SolExpression): SolExpression {
    const { reader } = this.#scope
    let left = read()
    for (let length = 1; ; length++) {
      const token = reader.peek()
      const operator = token.kind === 'sign' && operators.find((sign) => sign === token.text)
      if (!operator) return left
      this.#refuseLong(length, token)
      reader.next()
      left = { kind: 'arithmetic', operator, left, right: read() }
    }
  }

  #readUnary(): SolExpression {
    const { reader } = this.#scope
    let isNegative = false
    while (reader.take('-')) isNegative = !isNegative
    const of = this.#readPostfix()
    if (!isNegative) return of
    if (of.kind === 'constant' && typeof of.value === 'number') return constant(-of.value)
    if (of.kind === 'constant' && typeof of.value === 'object' && of.value !== null && 'ms' in of.value) {
      return constant({ ...of.value, ms: -of.value.ms })
    }
    return { kind: 'arithmetic', operator: '-', left: constant(0), right: of }
  }

  #readPostfix(): SolExpression {
    const { reader } = this.#scope
    let of = this.#readPrimary()
    for (let length = 1; ; length++) {
      const token = reader.peek()
      if (token.kind !== 'sign' || (token.text !== '[' && token.text !== '.')) return of
      this.#refuseLong(length, token)
      reader.next()
      if (token.text === '.') {
        of = { kind: 'at', of, key: constant(reader.expectName('the name of a member').text) }
      } else {
        of = { kind: 'at', of, key: reader.within(() => this.parse()) }
        reader.expect(']')
      }
    }
  }

  #readPrimary(): SolExpression {
    const { reader } = this.#scope
    reader.count()
    const token = reader.next()
    switch (token.kind) {
      case 'string':
        return constant(token.text)
      case 'number':
        return constant(Number(token.text))
      case 'timespan':
        return constant({
          kind: 'timespan',
          ms: Number(token.text.slice(0, -1)) * UNIT_MS[token.text.at(-1)!]!,
        })
      case 'parameter':
        return { kind: 'parameter', name: token.text, column: token.start + 1 }
      case 'name':
        return reader.isNext('(') ? this.#readCall(token) : this.#readName(token)
      case 'sign':
        if (token.text === '(') {
          const inner = reader.within(() => this.parse())
          reader.expect(')')
          return inner
        }
        if (token.text === '[') return this.#readList(']')
        if (token.text === '{') return this.#readDict()
    }
    return reader.failAt(token, VALUE)
  }

  #readName(token: Token): SolExpression {
    const { reader, lets } = this.#scope
    if (token.text === 'true' || token.text === 'false') return constant(token.text === 'true')
    if (token.text === 'null') return constant(null)
    if (RESERVED.has(token.text)) reader.failAt(token, VALUE)
    const known = lets.get(token.text)
    if (known === undefined) {
      if (this.#use === 'value') reader.failAt(token, 'a value, or a name that stands for one')
      return { kind: 'column', name: token.text }
    }
    if (known.kind === 'value') {
      reader.count(known.size)
      return { kind: 'let', name: token.text }
    }
    const sentence = `${JSON.stringify(token.text)} names rows: it may stand after "in", in toscalar(…) or in place of a table`
    return reader.fail(sentence, token.start)
  }

  #readCall(token: Token): SolExpression {
    const reader: TokenReader = this.#scope.reader
    if (token.text === 'toscalar') return this.#readScalar()
    const use = this.#use
    const form = findFunction(token.text)
    if (form === undefined || (form.isOfGroup && use !== 'group')) {
      const why =
        form === undefined ? 'a function' : 'a function of one row (groups have theirs in "aggregate")'
      reader.failAt(token, `${why} (${listFunctions(use === 'group')})`)
    }
    reader.expect('(')
    if (form.isOfGroup) this.#use = 'row'
    const of = reader.isNext(')') ? [] : reader.within(() => reader.list(() => this.parse()))
    this.#use = use
    reader.expect(')')
    if (of.length < form.least || of.length > form.most) {
      const wanted = form.least === form.most ? `${form.least}` : `${form.least} to ${form.most}`
      reader.fail(`${token.text}() takes ${wanted} arguments, found ${of.length}`, token.start)
    }
    return { kind: 'call', name: token.text as SolCall['name'], of }
  }

  /** `toscalar` of a pipeline, of the name of one, or of a value, which it changes nothing about. */
  #readScalar(): SolExpression {
    const { reader } = this.#scope
    if (isSource(this.#scope, reader.peek(1))) return this.#readPipeline('scalar')
    reader.expect('(')
    const of = reader.within(() => this.parse())
    reader.expect(')')
    return of
  }

  /** A pipeline in parentheses; of a name alone, the pipeline of that name. */
  #readPipeline(as: 'list' | 'scalar'): SolExpression {
    const { reader, lets } = this.#scope
    const column = reader.expect('(').start + 1
    const isNamed = lets.has(reader.peek().text) && reader.isNext(')', 1)
    const name = isNamed ? reader.next().text : reader.within(() => this.#scope.readInnerPipeline())
    reader.expect(')')
    return { kind: 'result', name, as, column }
  }

  #readList(close: ']' | ')'): SolExpression {
    const { reader } = this.#scope
    const of = reader.isNext(close) ? [] : reader.within(() => reader.list(() => this.parse()))
    reader.expect(close)
    return { kind: 'list', of }
  }

  #readDict(): SolExpression {
    const { reader } = this.#scope
    const names: string[] = []
    const readMember = (): SolExpression => {
      const name = reader.next()
      if (name.kind !== 'string') reader.failAt(name, 'a name in quotes')
      if (names.includes(name.text)) reader.fail(`${JSON.stringify(name.text)} is there twice`, name.start)
      names.push(name.text)
      reader.expect(':')
      return this.parse()
    }
    const of = reader.isNext('}') ? [] : reader.within(() => reader.list(readMember))
    reader.expect('}')
    return { kind: 'dict', of, names }
  }

  #refuseLong(length: number, token: Token): void {
    if (length < MAX_NESTING_DEPTH) return
    this.#scope.reader.fail(`more than ${MAX_NESTING_DEPTH} operators stand in a row`, token.start)
  }
}

/** Words that cannot be columns, so that a forgotten operand is found where it is missing. */
const RESERVED: ReadonlySet<string> = new Set([
  'and',
  'or',
  'in',
  'between',
  'contains',
  'startswith',
  'endswith',
  'matches',
  'by',
])

function constant(value: SolValue): SolExpression {
  return { kind: 'constant', value }
}
