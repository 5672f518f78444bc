import type { DetectReport, MatchedRule, UnmatchedRule } from '../contract/detect-report.ts'
import type { DetectPosition } from '../contract/detect-request.ts'
import type { DetectPlan } from '../plan/plan-rules.ts'
import { coverLogSources, coverTechniques, type RuleOutcome } from './coverage.ts'
import type { RuleTally } from './rule-tally.ts'
import { findSlowRules } from './slow-rules.ts'

/** What a run knows at its end. */
export interface RunResult {
  readonly plan: DetectPlan
  /** By the rule's key. */
  readonly tallies: ReadonlyMap<string, RuleTally>
  readonly events: number
  readonly hitEvents: number
  readonly seconds: number
  readonly steps: ReadonlyMap<string, number>
  readonly position: DetectPosition
}

/** Writes the account of a run. */
export function buildReport({
  plan,
  tallies,
  events,
  hitEvents,
  seconds,
  steps,
  position,
}: RunResult): DetectReport {
  // The rule below an aggregation of Sigma 1 is the same rule: its aggregation stands for it.
  const counted = new Set(plan.correlations.map(({ rule }) => rule.key.replace(/#count$/, '')))
  const own = [...tallies.values()].filter(
    ({ rule }) => rule.kind === 'correlation' || !counted.has(rule.key),
  )
  const matched = own.filter(({ hits }) => hits > 0).sort((a, b) => b.hits - a.hits)
  const unmatched = own.filter(({ hits }) => hits === 0)
  const sources = new Map(plan.rules.map(({ rule, logSource }) => [rule.key, logSource]))
  const outcomes = own.map(
    ({ rule, hits, why }): RuleOutcome => ({
      logSource: sources.get(rule.key.replace(/#count$/, '')),
      tags: rule.tags,
      hits,
      isAble: hits > 0 || (why !== undefined && ['events', 'threshold'].includes(why.reason)),
      hasLogSource: hits > 0 || (why !== undefined && !['log-source', 'nothing-asked'].includes(why.reason)),
    }),
  )
  return {
    events,
    rules: plan.ruleCount,
    seconds,
    hits: matched.reduce((sum, { hits, isReported }) => sum + (isReported ? hits : 0), 0),
    hitEvents,
    matched: matched.map((tally): MatchedRule => toMatched(tally, events)),
    unmatched: unmatched.map(toUnmatched),
    unsupported: plan.unsupported,
    warnings: plan.warnings,
    slow: findSlowRules(own, events),
    logSources: coverLogSources(outcomes),
    techniques: coverTechniques(outcomes),
    steps: [...steps].map(([name, ms]) => ({ name, seconds: ms / 1000 })),
    position,
  }
}

function toMatched(tally: RuleTally, events: number): MatchedRule {
  const { rule, hits, spentMs, firstUs, lastUs, isReported } = tally
  return {
    ...rule,
    hits,
    seconds: spentMs / 1000,
    // A rule with hits has had times.
    firstUs: firstUs!,
    lastUs: lastUs!,
    ...tally.listHosts(),
    matchesEverything: rule.kind === 'rule' && hits === events,
    isReported,
  }
}

function toUnmatched({ rule, why, spentMs }: RuleTally): UnmatchedRule {
  const { reason, detail } = why ?? { reason: 'events', detail: 'there are no new events' }
  return { ...rule, reason, detail, seconds: spentMs / 1000 }
}
