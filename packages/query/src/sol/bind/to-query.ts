import { compileSearchRegexp } from '../../dork/search-regexp.ts'
import { MAX_CLAUSES } from '../../limits.ts'
import type { Query } from '../../query.ts'
import type { SolCompare, SolExpression, SolTextTest } from '../expression.ts'
import type { SolValue } from '../value.ts'
import { type AskedField, compareField, rangeOfField, testField } from './comparison.ts'

/** What a condition needs to know to become a question. */
export interface QueryContext {
  readonly nowMs: number
  /** The field of a column. */
  readonly fieldOf: (column: string) => AskedField
  /** Refuses a condition, with the sentence and the 1-based column in the program. */
  readonly fail: (sentence: string, column: number) => never
}

/** A condition as a question; undefined where it asks what no `Query` can say, as functions of columns. */
export function toQuery(condition: SolExpression, context: QueryContext): Query | undefined {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const of: Query[] = []
      for (const part of condition.of) {
        const query = toQuery(part, context)
        if (query === undefined) return undefined
        of.push(query)
      }
      return { kind: condition.kind, of }
    }
    case 'not': {
      const of = toQuery(condition.of, context)
      return of && { kind: 'not', of }
    }
    case 'constant':
      return condition.value === true ? { kind: 'all' } : { kind: 'none' }
    case 'column':
      return compareField(context.fieldOf(condition.name), '==', true, false)
    case 'compare':
      return compare(condition, context)
    case 'text':
      return testText(condition, context)
    case 'in':
      return isIn(condition.of, constantOf(condition.list), condition.ignoreCase, context)
    case 'between': {
      const [low, high] = [constantOf(condition.low), constantOf(condition.high)]
      if (condition.of.kind !== 'column' || low === undefined || high === undefined) return undefined
      return rangeOfField(context.fieldOf(condition.of.name), low, high)
    }
    case 'matches':
      return matches(condition, context)
    case 'call': {
      const [column] = condition.of
      if (condition.name !== 'isnull' || column?.kind !== 'column') return undefined
      return compareField(context.fieldOf(column.name), '==', null, false)
    }
    default:
      return undefined
  }
}

/** The operator that says the same with the sides changed over. */
const TURNED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function compare(
  { operator, ignoreCase, left, right }: SolCompare,
  context: QueryContext,
): Query | undefined {
  if (left.kind === 'column' && right.kind === 'column') {
    if (operator !== '==' && operator !== '!=') return undefined
    const equal = compareFields(left.name, right.name, 'equal', ignoreCase, context)
    return operator === '==' ? equal : { kind: 'not', of: equal }
  }
  const isTurned = right.kind === 'column'
  const column = isTurned ? right : left
  const value = constantOf(isTurned ? left : right)
  if (column.kind !== 'column' || value === undefined) return undefined
  return compareField(context.fieldOf(column.name), isTurned ? TURNED[operator] : operator, value, ignoreCase)
}

function testText({ how, ignoreCase, left, right }: SolTextTest, context: QueryContext): Query | undefined {
  if (left.kind !== 'column') return undefined
  if (right.kind === 'column') return compareFields(left.name, right.name, how, ignoreCase, context)
  const value = constantOf(right)
  return value === undefined ? undefined : testField(context.fieldOf(left.name), how, value, ignoreCase)
}

function compareFields(
  left: string,
  right: string,
  how: 'equal' | SolTextTest['how'],
  caseInsensitive: boolean,
  { fieldOf }: QueryContext,
): Query {
  return { kind: 'fields', field: fieldOf(left).name, other: fieldOf(right).name, how, caseInsensitive }
}

/** A single value is a list of one. */
function isIn(
  of: SolExpression,
  list: SolValue | undefined,
  ignoreCase: boolean,
  context: QueryContext,
): Query | undefined {
  if (of.kind !== 'column' || list === undefined) return undefined
  const values = Array.isArray(list) ? (list as readonly SolValue[]) : [list]
  if (values.length > MAX_CLAUSES) {
    context.fail(`a list of at most ${MAX_CLAUSES} values was expected after "in", found ${values.length}`, 0)
  }
  const field = context.fieldOf(of.name)
  const parts: Query[] = []
  for (const value of values) {
    const part = compareField(field, '==', value, ignoreCase)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return { kind: 'or', of: parts }
}

/** Groups that are not simply groups, flags, looks around and references back: Sekoia finds nothing then, and says nothing. */
const UNSUPPORTED = /\(\?|\\[1-9]/

function matches(
  condition: Extract<SolExpression, { readonly kind: 'matches' }>,
  context: QueryContext,
): Query | undefined {
  const source = constantOf(condition.pattern)
  if (condition.of.kind !== 'column' || typeof source !== 'string') return undefined
  if (UNSUPPORTED.test(source)) return { kind: 'none' }
  const regexp = compileSearchRegexp(source)
  if ('sentence' in regexp) {
    context.fail(
      `in the regular expression, at its character ${regexp.offset + 1}, ${regexp.sentence}`,
      condition.column,
    )
  }
  const field = context.fieldOf(condition.of.name).name
  return { kind: 'regexp', field, pattern: regexp.pattern, caseInsensitive: false, anyType: true }
}

function constantOf(expression: SolExpression): SolValue | undefined {
  return expression.kind === 'constant' ? expression.value : undefined
}
