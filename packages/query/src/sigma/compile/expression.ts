import { MAX_CLAUSES } from '../../limits.ts'
import { SigmaError, type SigmaPlace } from '../problem.ts'
import { type ConditionNode, matchIdentifiers } from '../rule/condition/condition.ts'
import type { Detection, DetectionItem, SigmaRule } from '../rule/rule.ts'
import type { SigmaValue } from '../rule/value.ts'

/** What a rule asks, its conditions and search identifiers resolved: every output is written from it. */
export type Expression =
  | { readonly kind: 'and'; readonly of: readonly Expression[] }
  /** `isOneValue`: what a modifier made of one value, as `windash` does. */
  | {
      readonly kind: 'or'
      readonly of: readonly Expression[]
      readonly atLeast: number
      readonly isOneValue?: true
    }
  | { readonly kind: 'not'; readonly of: Expression }
  | FieldAsk

/** One value of one field; without a field, of the whole event. */
export interface FieldAsk {
  readonly kind: 'ask'
  readonly field: string | undefined
  readonly value: Exclude<SigmaValue, { readonly kind: 'any-of' }>
  readonly place: SigmaPlace
}

/**
 * The rule's question; undefined when a pipeline dropped all of it. Several conditions are joined by OR.
 *
 * @throws {SigmaError} `unsupported` for more parts than a question may have.
 */
export function buildExpression(rule: SigmaRule): Expression | undefined {
  const resolver = new Resolver(rule)
  return join(
    'or',
    rule.conditions.map((condition) => resolver.resolve(condition)),
  )
}

/** Puts what search identifiers stand for in the place of their names; counts the questions, for patterns multiply. */
class Resolver {
  readonly #rule: SigmaRule
  #asks = 0

  constructor(rule: SigmaRule) {
    this.#rule = rule
  }

  resolve(node: ConditionNode): Expression | undefined {
    const { detections } = this.#rule
    switch (node.kind) {
      case 'identifier':
        return this.#resolveDetection(detections.get(node.name)!)
      case 'some': {
        const names = matchIdentifiers(node.pattern, detections.keys())
        const parts = names.map((name) => this.#resolveDetection(detections.get(name)!))
        if (node.count === 'all') return join('and', parts)
        return join('or', parts, node.count)
      }
      case 'and':
      case 'or':
        return join(
          node.kind,
          node.of.map((part) => this.resolve(part)),
        )
      case 'not': {
        const of = this.resolve(node.of)
        return of && { kind: 'not', of }
      }
    }
  }

  #resolveDetection(detection: Detection): Expression | undefined {
    if (detection.kind === 'item') return this.#resolveItem(detection)
    const parts = detection.of.map((part) => this.#resolveDetection(part))
    return join(detection.linking === 'all' ? 'and' : 'or', parts)
  }

  #resolveItem(item: DetectionItem): Expression | undefined {
    const parts = item.values.map((value) => this.#resolveValue(value, item))
    const all = join(item.linking === 'all' ? 'and' : 'or', parts)
    return all && item.negated ? { kind: 'not', of: all } : all
  }

  #resolveValue(value: SigmaValue, item: DetectionItem): Expression | undefined {
    if (value.kind !== 'any-of') {
      if (++this.#asks > MAX_CLAUSES) throw tooManyParts(this.#rule)
      return { kind: 'ask', field: item.field, value, place: item.place }
    }
    const parts = value.of.map((one) => this.#resolveValue(one, item))
    const any = join('or', parts)
    return any?.kind === 'or' ? { ...any, isOneValue: true } : any
  }
}

/** A rule whose question would have more parts than one of any query language may have. */
export function tooManyParts({ conditionPlace }: SigmaRule): SigmaError {
  const reason = `at most ${MAX_CLAUSES} parts of one question expected, found more`
  return new SigmaError('unsupported', reason, conditionPlace)
}

/** Parts that ask nothing are left out; one part stands alone. */
function join(
  kind: 'and' | 'or',
  parts: readonly (Expression | undefined)[],
  atLeast = 1,
): Expression | undefined {
  const of = parts.filter((part) => part !== undefined)
  if (of.length === 0) return undefined
  if (of.length === 1 && atLeast === 1) return of[0]
  return kind === 'and' ? { kind, of } : { kind, of, atLeast }
}

/** Every question of an expression, in the order they stand. */
export function* listAsks(expression: Expression): Generator<FieldAsk> {
  switch (expression.kind) {
    case 'ask':
      yield expression
      return
    case 'not':
      yield* listAsks(expression.of)
      return
    default:
      for (const part of expression.of) yield* listAsks(part)
  }
}
