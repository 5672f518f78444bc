import { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_QUERY_LENGTH } from '../limits.ts'
import type { Query } from '../query.ts'
import { QueryError } from '../query-error.ts'

interface Token {
  readonly kind: 'AND' | 'OR' | 'NOT' | '(' | ')' | 'term'
  readonly text: string
  readonly start: number
}

const PRECEDENCE = { OR: 1, AND: 2, NOT: 3 } as const
type Operator = keyof typeof PRECEDENCE

/** A tree and how deep it is. */
interface Operand {
  readonly query: Query
  readonly depth: number
}

/**
 * Reads the query language of the wildcard mode of Timesketch 20261014 (lib/datastores/opensearch.py): terms `field:value` or
 * `value`, quotes stripped, held against whole values in any case; NOT before AND before OR; two terms without an operator are ANDed.
 *
 * @param fields - The fields that have whole-value patterns.
 * @throws {QueryError} With Timesketch's sentences.
 */
export function parseWildcardQuery(text: string, fields: readonly string[]): Query {
  if (text.length > MAX_QUERY_LENGTH) fail('Query is too long.', text.slice(0, 1000), 0)
  if (fields.length === 0) {
    fail(
      'The selected timelines do not support wildcard search mode. Please use the classic search for this sketch!',
      text,
      0,
    )
  }
  const known = new Set(fields)
  const output: Operand[] = []
  const waiting: Token[] = []
  const tokens = withImpliedAnd(scan(text))
  if (tokens.length > MAX_CLAUSES) fail(`Invalid query: more than ${MAX_CLAUSES} terms.`, text, 0)
  for (const token of tokens) {
    if (token.kind === 'term') output.push({ query: makeTerm(token, known, text), depth: 1 })
    else if (token.kind === '(') waiting.push(token)
    else if (token.kind === ')') {
      while (waiting.length > 0 && waiting.at(-1)!.kind !== '(') apply(waiting.pop()!, output, text)
      if (waiting.pop() === undefined) fail('Mismatched parentheses in query.', text, token.start)
    } else {
      while (isStronger(waiting.at(-1), token.kind)) apply(waiting.pop()!, output, text)
      waiting.push(token)
    }
  }
  for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
    if (token.kind === '(') fail('Mismatched parentheses in query.', text, token.start)
    apply(token, output, text)
  }
  if (output.length !== 1) fail('Invalid query: unbalanced operands and operators.', text, 0)
  return output[0]!.query
}

function isStronger(waiting: Token | undefined, operator: Operator): boolean {
  if (waiting === undefined || waiting.kind === '(' || operator === 'NOT') return false
  return PRECEDENCE[waiting.kind as Operator] >= PRECEDENCE[operator]
}

function apply(token: Token, output: Operand[], text: string): void {
  const kind = token.kind as Operator
  const right = output.pop()
  if (kind === 'NOT') {
    if (right === undefined) fail('Invalid query: NOT operator missing operand.', text, token.start)
    output.push(checkDepth({ query: { kind: 'not', of: right.query }, depth: right.depth + 1 }, text, token))
    return
  }
  const left = output.pop()
  if (left === undefined || right === undefined) {
    fail(`Invalid query: ${kind} operator missing operands.`, text, token.start)
  }
  const join = kind === 'AND' ? 'and' : 'or'
  if (left.query.kind === join) {
    // The list was made by an earlier call of this function, and nothing else holds it.
    ;(left.query.of as Query[]).push(right.query)
    output.push(checkDepth({ query: left.query, depth: Math.max(left.depth, right.depth + 1) }, text, token))
  } else {
    const query: Query = { kind: join, of: [left.query, right.query] }
    output.push(checkDepth({ query, depth: Math.max(left.depth, right.depth) + 1 }, text, token))
  }
}

function checkDepth(operand: Operand, text: string, token: Token): Operand {
  if (operand.depth <= 2 * MAX_NESTING_DEPTH) return operand
  return fail(`Invalid query: nested more than ${2 * MAX_NESTING_DEPTH} deep.`, text, token.start)
}

function makeTerm(token: Token, known: ReadonlySet<string>, text: string): Query {
  const colon = token.text.indexOf(':')
  const field = colon > 0 ? token.text.slice(0, colon) : undefined
  const value = stripQuotes(colon > 0 ? token.text.slice(colon + 1) : token.text)
  if (field === '_id') return { kind: 'ids', values: [value] }
  if (field !== undefined && !known.has(field)) {
    fail(`Field '${field}' does not support wildcard search.`, text, token.start)
  }
  return { kind: 'wildcard', field, pattern: value, whole: true, caseInsensitive: true }
}

function stripQuotes(text: string): string {
  return text.replace(/^"+/, '').replace(/"+$/, '')
}

/** Parentheses, and words in which a quoted part may hold anything. */
function scan(text: string): Token[] {
  const tokens: Token[] = []
  let lastQuote = text.lastIndexOf('"')
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (/\s/.test(char)) at++
    else if (char === '(' || char === ')') tokens.push({ kind: char, text: char, start: at++ })
    else {
      const start = at
      while (at < text.length && !/[\s()]/.test(text[at]!)) {
        const close = text[at] === '"' && at < lastQuote ? text.indexOf('"', at + 1) : -1
        if (text[at] === '"' && close < 0) lastQuote = -1
        at = close < 0 ? at + 1 : close + 1
      }
      const word = text.slice(start, at)
      const isOperator = word === 'AND' || word === 'OR' || word === 'NOT'
      tokens.push({ kind: isOperator ? word : 'term', text: word, start })
    }
  }
  return tokens
}

function withImpliedAnd(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token, index): Token[] => {
    const before = tokens[index - 1]
    const joins = before !== undefined && (before.kind === 'term' || before.kind === ')')
    const starts = token.kind === 'term' || token.kind === '(' || token.kind === 'NOT'
    return joins && starts ? [{ kind: 'AND', text: 'AND', start: token.start }, token] : [token]
  })
}

function fail(sentence: string, text: string, start: number): never {
  throw new QueryError(sentence, text, start + 1)
}
