import type { SigmaCorrelation, SigmaRule } from '../rule/rule.ts'
import type { ConditionTest, Pipeline, PipelineStep, RunState } from './pipeline.ts'

/** A rule as pipelines left it, with what they noted. */
export interface PipelineRun {
  readonly rule: SigmaRule
  readonly state: Readonly<Record<string, unknown>>
}

/**
 * Applies pipelines to a rule, in the order given.
 *
 * @throws {SigmaError} When a step refuses the rule.
 */
export function applyPipelines(rule: SigmaRule, pipelines: readonly Pipeline[]): PipelineRun {
  if (pipelines.length === 0) return { rule, state: {} }
  const run = startRun(pipelines)
  let now = rule
  for (const { steps } of pipelines) now = applySteps(now, steps, run)
  return { rule: now, state: run.state }
}

/** The same for a correlation: its fields get their new names. */
export function applyPipelinesToCorrelation(
  correlation: SigmaCorrelation,
  pipelines: readonly Pipeline[],
): SigmaCorrelation {
  const run = startRun(pipelines)
  let now = correlation
  for (const { steps } of pipelines) {
    for (const step of steps) {
      const { correlation: change } = step.transformation
      if (!change || !holds(step.ruleTest, (condition) => condition(now, run))) continue
      now = change(now, step, run)
      if (step.id !== undefined) run.applied.add(step.id)
    }
  }
  return now
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

/** Whether conditions hold; no conditions always do. */
export function holds<Condition>(
  test: ConditionTest<Condition> | undefined,
  ask: (condition: Condition) => boolean,
): boolean {
  if (!test) return true
  switch (test.kind) {
    case 'one':
      return ask(test.condition)
    case 'and':
      return test.of.every((part) => holds(part, ask))
    case 'or':
      return test.of.some((part) => holds(part, ask))
    case 'not':
      return !holds(test.of, ask)
  }
}

function startRun(pipelines: readonly Pipeline[]): RunState {
  return {
    vars: Object.fromEntries(pipelines.flatMap(({ vars }) => Object.entries(vars))),
    applied: new Set(),
    appliedToField: new Map(),
    mappedFields: new Set(),
    state: {},
  }
}
