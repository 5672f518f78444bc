import {
  calculateSol,
  memberOfSol,
  type SolExpression,
  type SolGroupFunction,
  type SolRowFunction,
  type SolValue,
} from '@timeskein/query/sol'
import { compileRegexpTest } from '@timeskein/store'
import { compareValues, testTexts } from './compare-values.ts'
import { listElements, readColumn, readMoment, type SolRow, toSolValue } from './row.ts'
import type { ApplyFunction } from './row-functions.ts'

/** What an expression is of one row. */
export type RowValue = (row: SolRow) => SolValue

/** What expressions of one run need. */
export interface CalculateContext {
  readonly functions: Readonly<Record<SolRowFunction, ApplyFunction>>
  /** What a function of a group is of a row, in expressions that stand on groups. */
  readonly ofGroup?: (expression: Extract<SolExpression, { readonly kind: 'call' }>) => RowValue
}

/**
 * Compiles a bound expression to a function of rows. What a null meets is null, and no condition is true of it but `== null` and
 * negations.
 */
export function compileExpressionOf(expression: SolExpression, context: CalculateContext): RowValue {
  const compile = (part: SolExpression): RowValue => compileExpressionOf(part, context)
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression
      return () => value
    }
    case 'column':
      return (row) => toSolValue(readColumn(row, expression.name))
    case 'list': {
      const parts = expression.of.map(compile)
      return (row) => parts.map((part) => part(row))
    }
    case 'dict': {
      const parts = expression.of.map(compile)
      return (row) => ({
        kind: 'dict',
        members: new Map(expression.names.map((name, at) => [name, parts[at]!(row)])),
      })
    }
    case 'call': {
      if (isGroupFunction(expression.name)) {
        if (!context.ofGroup) throw new Error(`${expression.name} stands outside of an aggregate`)
        return context.ofGroup(expression)
      }
      const parts = expression.of.map(compile)
      const apply = context.functions[expression.name]
      return (row) => apply(parts.map((part) => part(row)))
    }
    case 'at': {
      const [of, key] = [compile(expression.of), compile(expression.key)]
      return (row) => memberOfSol(of(row), key(row))
    }
    case 'arithmetic': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      const { operator } = expression
      return (row) => {
        const [one, other] = [left(row), right(row)]
        const isOfTimes = operator === '-' || isTimespan(one) || isTimespan(other)
        return (
          calculateSol(operator, isOfTimes ? toTime(one) : one, isOfTimes ? toTime(other) : other) ?? null
        )
      }
    }
    case 'compare': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      const { operator, ignoreCase } = expression
      return (row) => compareValues(operator, left(row), right(row), ignoreCase)
    }
    case 'text': {
      const [left, right] = [compile(expression.left), compile(expression.right)]
      const { how, ignoreCase } = expression
      return (row) => testTexts(how, left(row), right(row), ignoreCase)
    }
    case 'in': {
      const [of, list] = [compile(expression.of), compile(expression.list)]
      return (row) => {
        const value = of(row)
        return listElements(list(row)).some((one) => compareValues('==', value, one, expression.ignoreCase))
      }
    }
    case 'between': {
      const [of, low, high] = [compile(expression.of), compile(expression.low), compile(expression.high)]
      return (row) =>
        listElements(of(row)).some(
          (value) =>
            compareValues('>=', value, low(row), false) && compareValues('<=', value, high(row), false),
        )
    }
    case 'matches': {
      const [of, pattern] = [compile(expression.of), compile(expression.pattern)]
      const tests = new Map<string, (text: string) => boolean>()
      return (row) => {
        const source = pattern(row)
        if (typeof source !== 'string') return false
        let test = tests.get(source)
        if (!test) {
          test = compilePattern(source)
          tests.set(source, test)
        }
        return listElements(of(row)).some((value) => value !== null && test(String(value)))
      }
    }
    case 'and': {
      const parts = expression.of.map(compile)
      return (row) => parts.every((part) => part(row) === true)
    }
    case 'or': {
      const parts = expression.of.map(compile)
      return (row) => parts.some((part) => part(row) === true)
    }
    case 'not': {
      const of = compile(expression.of)
      return (row) => of(row) !== true
    }
    case 'parameter':
    case 'let':
    case 'result':
      throw new Error(`a bound expression was expected, found a ${expression.kind}`)
    default:
      return expression satisfies never
  }
}

const GROUP_FUNCTIONS: ReadonlySet<string> = new Set([
  'avg',
  'count',
  'count_distinct',
  'countif',
  'make_set',
  'max',
  'min',
  'sum',
])

function isGroupFunction(name: SolRowFunction | SolGroupFunction): name is SolGroupFunction {
  return GROUP_FUNCTIONS.has(name)
}

function isTimespan(value: SolValue): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'timespan'
}

/** A text that is a time, as that time. */
function toTime(value: SolValue): SolValue {
  const ms = typeof value === 'string' ? readMoment(value) : undefined
  return ms === undefined ? value : { kind: 'time', ms }
}

/** What Sekoia's expressions do not know finds nothing. */
function compilePattern(source: string): (text: string) => boolean {
  if (/\(\?|\\[1-9]/.test(source)) return () => false
  try {
    return compileRegexpTest(source, false).matches
  } catch {
    return () => false
  }
}
