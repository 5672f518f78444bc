import type { SigmaPlace, SigmaProblem } from '../problem.ts'
import type { Aggregation } from './condition/aggregation.ts'
import type { ConditionNode } from './condition/condition.ts'
import type { CorrelationCondition, CorrelationType } from './correlation.ts'
import type { SigmaValue } from './value.ts'

/** What a rule, correlation or filter says of itself (Sigma rules specification 2.1.0). */
export interface RuleMeta {
  readonly title: string
  readonly id: string | undefined
  /** A name that correlations refer to. */
  readonly name: string | undefined
  readonly related: readonly { readonly id: string; readonly type: string }[]
  readonly taxonomy: string
  readonly status: RuleStatus | undefined
  readonly level: RuleLevel | undefined
  readonly description: string | undefined
  readonly license: string | undefined
  readonly author: string | undefined
  readonly references: readonly string[]
  /** YYYY-MM-DD. */
  readonly date: string | undefined
  readonly modified: string | undefined
  readonly tags: readonly string[]
  readonly scope: readonly string[]
  /** Fields worth looking at in a hit. */
  readonly fields: readonly string[]
  readonly falsepositives: readonly string[]
  /** Members that the specification does not know, as plain values. */
  readonly custom: Readonly<Record<string, unknown>>
}

export const RULE_STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const
export type RuleStatus = (typeof RULE_STATUSES)[number]
/** From the least to the most critical. */
export const RULE_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const
export type RuleLevel = (typeof RULE_LEVELS)[number]

/** Which events a rule is about. What is undefined is any. */
export interface LogSource {
  readonly category: string | undefined
  readonly product: string | undefined
  readonly service: string | undefined
  /** For people. */
  readonly definition: string | undefined
  readonly custom: Readonly<Record<string, unknown>>
}

/** What an event must have to be a hit of a search identifier. */
export type Detection = DetectionGroup | DetectionItem

/** All or any of the parts. An empty group asks nothing: pipelines may drop its last part. */
export interface DetectionGroup {
  readonly kind: 'group'
  readonly linking: 'all' | 'any'
  readonly of: readonly Detection[]
}

/** One field with its values; without a field, keywords that may stand anywhere in the event. */
export interface DetectionItem {
  readonly kind: 'item'
  readonly field: string | undefined
  /** Modifiers as they were written; they have been applied to the values. */
  readonly modifiers: readonly string[]
  readonly values: readonly SigmaValue[]
  readonly linking: 'all' | 'any'
  /** The modifier `neq`: none of it. */
  readonly negated: boolean
  readonly place: SigmaPlace
  /** Names of the pipeline steps that changed it. */
  readonly applied: ReadonlySet<string>
}

/** One detection rule. */
export interface SigmaRule extends Owned {
  readonly kind: 'rule'
  readonly meta: RuleMeta
  readonly place: SigmaPlace
  readonly logSource: LogSource
  /** By search identifier, in the order they are written. */
  readonly detections: ReadonlyMap<string, Detection>
  /** An event is a hit when one of them holds. */
  readonly conditions: readonly ConditionNode[]
  readonly conditionPlace: SigmaPlace
  /** `| count() by x > 5` of Sigma 1, which the specification dropped. */
  readonly aggregation: Aggregation | undefined
  readonly warnings: readonly SigmaProblem[]
}

/** Events of several rules seen together (Sigma correlation rules specification 2.1.0). */
export interface SigmaCorrelation extends Owned {
  readonly kind: 'correlation'
  readonly meta: RuleMeta
  readonly place: SigmaPlace
  readonly type: CorrelationType
  /** Ids or names of rules or correlations. */
  readonly rules: readonly string[]
  readonly groupBy: readonly string[]
  readonly timespanMs: number
  /** As it was written: `15m`. */
  readonly timespan: string
  /** Alias -> rule -> field. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly condition: CorrelationCondition
  /** The rules referred to are reported by themselves too. */
  readonly generate: boolean
  readonly warnings: readonly SigmaProblem[]
}

/** A condition that is added to other rules (Sigma filters specification 2.1.0). */
export interface SigmaFilter extends Owned {
  readonly kind: 'filter'
  readonly meta: RuleMeta
  readonly place: SigmaPlace
  readonly logSource: LogSource
  /** Ids or names of rules; `any`: every rule of the log source. */
  readonly rules: readonly string[] | 'any'
  readonly detections: ReadonlyMap<string, Detection>
  readonly condition: ConditionNode
  readonly warnings: readonly SigmaProblem[]
}

/** Whose a rule is in a library of several people. Not of the specification. */
export interface Owned {
  /**
   * Names somebody: a filter or correlation of theirs changes what becomes of their own rules only.
   *
   * @default what becomes of all rules
   */
  readonly owner?: string
}

/** What a document of a file of rules is. */
export type SigmaDocument = SigmaRule | SigmaCorrelation | SigmaFilter
