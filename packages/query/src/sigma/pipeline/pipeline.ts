import type { SigmaPlace } from '../problem.ts'
import type { DetectionItem, LogSource, SigmaCorrelation, SigmaRule } from '../rule/rule.ts'

/** A processing pipeline in pySigma's format: steps that adapt rules to how events look. */
export interface Pipeline {
  readonly name: string
  /** Lower ones are applied first. */
  readonly priority: number
  /** Values that placeholders stand for. */
  readonly vars: Readonly<Record<string, readonly string[]>>
  readonly steps: readonly PipelineStep[]
  /** Parts that only change the text of a query (`postprocessing`, `finalizers`) and are passed over here. */
  readonly ignored: readonly string[]
}

/** One transformation with the conditions under which it is applied. */
export interface PipelineStep {
  readonly id: string | undefined
  readonly place: SigmaPlace
  readonly transformation: Transformation
  readonly ruleTest: ConditionTest<RuleCondition> | undefined
  readonly itemTest: ConditionTest<ItemCondition> | undefined
  readonly fieldTest: ConditionTest<FieldCondition> | undefined
}

/** Conditions joined by and, or, not. */
export type ConditionTest<Condition> =
  | { readonly kind: 'one'; readonly condition: Condition }
  | { readonly kind: 'and' | 'or'; readonly of: readonly ConditionTest<Condition>[] }
  | { readonly kind: 'not'; readonly of: ConditionTest<Condition> }

export type RuleCondition = (target: SigmaRule | SigmaCorrelation, run: RunState) => boolean
export type ItemCondition = (item: DetectionItem, run: RunState) => boolean
export type FieldCondition = (field: string | undefined, run: RunState) => boolean

/** Changes a rule. Throws `SigmaError` to refuse it. */
export interface Transformation {
  readonly rule?: (rule: SigmaRule, step: PipelineStep, run: RunState) => SigmaRule
  /** The names that a field has afterwards which a correlation asks for: any of them may be the field's. */
  readonly correlatedField?: (
    field: string,
    step: PipelineStep,
    run: RunState,
    target: SigmaRule | SigmaCorrelation,
  ) => readonly string[]
}

/** What the steps of one run over one rule tell each other. */
export interface RunState {
  /** Of the rules behind what a correlation asks for; a rule has its own. */
  readonly correlatedLogSources: readonly LogSource[]
  readonly vars: Readonly<Record<string, readonly string[]>>
  /** Ids of the steps that were applied to the rule. */
  readonly applied: Set<string>
  /** Ids of the steps that made a field's name what it is. */
  readonly appliedToField: Map<string, Set<string>>
  /** Names that field mappings gave or took. */
  readonly mappedFields: Set<string>
  /** What `set_state` noted. */
  readonly state: Record<string, unknown>
}
