import type { SigmaPlace } from '../problem.ts'
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

/** The rule's question; undefined when a pipeline dropped all of it. Several conditions are joined by OR. */
export function buildExpression(rule: SigmaRule): Expression | undefined {
  return join(
    'or',
    rule.conditions.map((condition) => resolveCondition(condition, rule.detections)),
  )
}

function resolveCondition(
  node: ConditionNode,
  detections: ReadonlyMap<string, Detection>,
): Expression | undefined {
  switch (node.kind) {
    case 'identifier':
      return resolveDetection(detections.get(node.name)!)
    case 'some': {
      const names = matchIdentifiers(node.pattern, detections.keys())
      const parts = names.map((name) => resolveDetection(detections.get(name)!))
      if (node.count === 'all') return join('and', parts)
      return join('or', parts, node.count)
    }
    case 'and':
    case 'or':
      return join(
        node.kind,
        node.of.map((part) => resolveCondition(part, detections)),
      )
    case 'not': {
      const of = resolveCondition(node.of, detections)
      return of && { kind: 'not', of }
    }
  }
}

function resolveDetection(detection: Detection): Expression | undefined {
  if (detection.kind === 'item') return resolveItem(detection)
  return join(detection.linking === 'all' ? 'and' : 'or', detection.of.map(resolveDetection))
}

function resolveItem(item: DetectionItem): Expression | undefined {
  const parts = item.values.map((value) => resolveValue(value, item))
  const all = join(item.linking === 'all' ? 'and' : 'or', parts)
  return all && item.negated ? { kind: 'not', of: all } : all
}

function resolveValue(value: SigmaValue, item: DetectionItem): Expression | undefined {
  if (value.kind !== 'any-of') return { kind: 'ask', field: item.field, value, place: item.place }
  const parts = value.of.map((one) => resolveValue(one, item))
  const any = join('or', parts)
  return any?.kind === 'or' ? { ...any, isOneValue: true } : any
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
