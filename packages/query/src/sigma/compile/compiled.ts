import type { Query } from '../../query.ts'
import type { SigmaPlace, SigmaProblem } from '../problem.ts'
import type { CorrelationCondition, CorrelationType } from '../rule/correlation.ts'
import type { RuleMeta, SigmaCorrelation, SigmaRule } from '../rule/rule.ts'
import type { Expression } from './expression.ts'

/** A rule that can be asked. */
export interface CompiledRule {
  readonly kind: 'rule'
  /** The rule as filters and pipelines left it. */
  readonly rule: SigmaRule
  /** Undefined when pipelines dropped all of it: it finds nothing. */
  readonly expression: Expression | undefined
  readonly query: Query
  /** Fields that are asked, sorted; keywords name none. */
  readonly fields: readonly string[]
  /** Placeholders without values: where there are any, the rule finds nothing. */
  readonly placeholders: readonly string[]
  /** What pipelines noted for whoever runs the query (`set_state`). */
  readonly state: Readonly<Record<string, unknown>>
  /** False: it is there for a correlation and its hits are not reported by themselves. */
  readonly isReported: boolean
}

/** A correlation with the rules it is about. */
export interface CompiledCorrelation {
  readonly kind: 'correlation'
  readonly meta: RuleMeta
  /** Undefined for the aggregation of a rule of Sigma 1. */
  readonly correlation: SigmaCorrelation | undefined
  readonly type: CorrelationType
  /** In the order of the correlation's list. */
  readonly rules: readonly (CompiledRule | CompiledCorrelation)[]
  /** As they are written. */
  readonly groupBy: readonly string[]
  /**
   * What names of `groupBy` and of the condition are for each of `rules`: fields of its events, of which the first counts that an event
   * has; of a correlation's findings one of its own `groupBy`.
   */
  readonly fields: ReadonlyMap<string, readonly (readonly string[])[]>
  readonly timespanMs: number
  readonly condition: CorrelationCondition
  /** Those of its rules, without values: where there are any, it finds nothing. */
  readonly placeholders: readonly string[]
  /** How the condition names each of `rules`. */
  readonly names: readonly string[]
  readonly isReported: boolean
}

/** What a set of rules was compiled to. */
export interface SigmaCompilation {
  /** Files read. */
  readonly files: number
  /** Rules and correlations in them, those that failed included; filters and empty documents are none. */
  readonly ruleCount: number
  readonly rules: readonly CompiledRule[]
  readonly correlations: readonly CompiledCorrelation[]
  /** One for each rule, correlation or filter that cannot be used, in the order of the files. */
  readonly failed: readonly SigmaProblem[]
  /** What does not keep a rule from detecting: a misspelt level, an id that stands twice. */
  readonly warnings: readonly SigmaProblem[]
  /** Of what failed to compile: the place of the rule, correlation or filter it is about, the object that document has. */
  readonly subjects: ReadonlyMap<SigmaProblem, SigmaPlace>
}
