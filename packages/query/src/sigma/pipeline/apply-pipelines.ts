import type { LogSource, SigmaCorrelation, SigmaRule } from '../rule/rule.ts'
import { holds } from './condition-test.ts'
import type { Pipeline, PipelineStep, RunState } from './pipeline.ts'
import { fillPlaceholders } from './transformations/placeholders.ts'

/** A rule as pipelines left it, with what they noted. */
export interface PipelineRun {
  readonly rule: SigmaRule
  readonly state: Readonly<Record<string, unknown>>
}

/**
 * Applies pipelines to a rule, in the order given. Placeholders that no step replaced get the values that `vars` have for them at the
 * end, so that `vars` alone are a pipeline.
 *
 * @throws {SigmaError} When a step refuses the rule.
 */
export function applyPipelines(rule: SigmaRule, pipelines: readonly Pipeline[]): PipelineRun {
  if (pipelines.length === 0) return { rule, state: {} }
  const run = startRun(pipelines)
  let now = rule
  for (const { steps } of pipelines) now = applySteps(now, steps, run)
  return { rule: fillPlaceholders(now, run), state: run.state }
}

/**
 * The names that pipelines give a field which a correlation asks for in the events of one of its rules: any of them may be the field's.
 *
 * @param target - The correlation, or the rule of Sigma 1 whose aggregation it is.
 * @param logSources - Those of the rule, as pipelines left it; of a correlation those of its rules.
 */
export function nameCorrelatedField(
  field: string,
  target: SigmaRule | SigmaCorrelation,
  logSources: readonly LogSource[],
  pipelines: readonly Pipeline[],
): readonly string[] {
  const run = startRun(pipelines, logSources)
  const steps = pipelines.flatMap((pipeline) => pipeline.steps)
  return renameBySteps(field, steps, run, target)
}

/** The names that steps give a field of a correlation, one step after the other. */
export function renameBySteps(
  field: string,
  steps: readonly PipelineStep[],
  run: RunState,
  target: SigmaRule | SigmaCorrelation,
): readonly string[] {
  let names: readonly string[] = [field]
  for (const step of steps) {
    const rename = step.transformation.correlatedField
    if (!rename || !holds(step.ruleTest, (condition) => condition(target, run))) continue
    names = [...new Set(names.flatMap((name) => rename(name, step, run, target)))]
    if (step.id !== undefined) run.applied.add(step.id)
  }
  return names
}

/** Applies steps one after the other, each where its conditions hold. */
export function applySteps(rule: SigmaRule, steps: readonly PipelineStep[], run: RunState): SigmaRule {
  let now = rule
  for (const step of steps) {
    if (!holds(step.ruleTest, (condition) => condition(now, run))) continue
    now = step.transformation.rule?.(now, step, run) ?? now
    if (step.id !== undefined) run.applied.add(step.id)
  }
  return now
}

function startRun(pipelines: readonly Pipeline[], correlatedLogSources: readonly LogSource[] = []): RunState {
  return {
    correlatedLogSources,
    vars: Object.fromEntries(pipelines.flatMap(({ vars }) => Object.entries(vars))),
    applied: new Set(),
    appliedToField: new Map(),
    mappedFields: new Set(),
    state: {},
  }
}
