import type { SolGroupFunction, SolRowFunction } from './functions.ts'
import type { SolValue } from './value.ts'

/** What is calculated of a row. `column` is the 1-based place in the program, for messages. */
export type SolExpression =
  | SolConstant
  | SolColumn
  /** `?time.start`: given with each run. */
  | { readonly kind: 'parameter'; readonly name: string; readonly column: number }
  /** A value that the program names with `let`. */
  | { readonly kind: 'let'; readonly name: string }
  /** What a pipeline of the program found: its first column, or the first value of it. */
  | {
      readonly kind: 'result'
      readonly name: string
      readonly as: 'list' | 'scalar'
      readonly column: number
    }
  | { readonly kind: 'list'; readonly of: readonly SolExpression[] }
  | { readonly kind: 'dict'; readonly of: readonly SolExpression[]; readonly names: readonly string[] }
  | SolCall
  /** A member of a dict or object by its name, or of a list by its place from 0; null where there is none. */
  | { readonly kind: 'at'; readonly of: SolExpression; readonly key: SolExpression }
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: SolExpression
      readonly right: SolExpression
    }
  | SolCompare
  | SolTextTest
  | {
      readonly kind: 'in'
      readonly of: SolExpression
      readonly list: SolExpression
      readonly ignoreCase: boolean
    }
  /** Both ends belong to it. */
  | {
      readonly kind: 'between'
      readonly of: SolExpression
      readonly low: SolExpression
      readonly high: SolExpression
    }
  /** Held against the whole value; `column` is the pattern's. */
  | {
      readonly kind: 'matches'
      readonly of: SolExpression
      readonly pattern: SolExpression
      readonly column: number
    }
  | { readonly kind: 'and' | 'or'; readonly of: readonly SolExpression[] }
  | { readonly kind: 'not'; readonly of: SolExpression }

/** A value that is known. */
export interface SolConstant {
  readonly kind: 'constant'
  readonly value: SolValue
}
/** What the row holds in a column; `name` is a dotted path. */
export interface SolColumn {
  readonly kind: 'column'
  readonly name: string
}
export interface SolCall {
  readonly kind: 'call'
  readonly name: SolRowFunction | SolGroupFunction
  readonly of: readonly SolExpression[]
}
/** Of a list, one element is enough; a number and a text are compared by the number. */
export interface SolCompare {
  readonly kind: 'compare'
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly ignoreCase: boolean
  readonly left: SolExpression
  readonly right: SolExpression
}
export interface SolTextTest {
  readonly kind: 'text'
  readonly how: 'contains' | 'startswith' | 'endswith'
  readonly ignoreCase: boolean
  readonly left: SolExpression
  readonly right: SolExpression
}

/** The expressions that one is made of, in the order they are written. */
export function partsOf(expression: SolExpression): readonly SolExpression[] {
  switch (expression.kind) {
    case 'constant':
    case 'column':
    case 'parameter':
    case 'let':
    case 'result':
      return []
    case 'list':
    case 'dict':
    case 'call':
    case 'and':
    case 'or':
      return expression.of
    case 'at':
      return [expression.of, expression.key]
    case 'arithmetic':
    case 'compare':
    case 'text':
      return [expression.left, expression.right]
    case 'in':
      return [expression.of, expression.list]
    case 'between':
      return [expression.of, expression.low, expression.high]
    case 'matches':
      return [expression.of, expression.pattern]
    case 'not':
      return [expression.of]
    default:
      return expression satisfies never
  }
}

/** The same expression of other parts, given in the order of `partsOf`. */
export function withParts(expression: SolExpression, parts: readonly SolExpression[]): SolExpression {
  const [first, second, third] = parts
  switch (expression.kind) {
    case 'constant':
    case 'column':
    case 'parameter':
    case 'let':
    case 'result':
      return expression
    case 'list':
    case 'dict':
    case 'call':
    case 'and':
    case 'or':
      return { ...expression, of: parts }
    case 'at':
      return { ...expression, of: first!, key: second! }
    case 'arithmetic':
    case 'compare':
    case 'text':
      return { ...expression, left: first!, right: second! }
    case 'in':
      return { ...expression, of: first!, list: second! }
    case 'between':
      return { ...expression, of: first!, low: second!, high: third! }
    case 'matches':
      return { ...expression, of: first!, pattern: second! }
    case 'not':
      return { ...expression, of: first! }
    default:
      return expression satisfies never
  }
}
