import type { SlowRule } from '../contract/detect-report.ts'
import type { RuleTally } from './rule-tally.ts'

/** A rule that took less is never called slow. */
export const SLOW_RULE_SECONDS = 0.25
/** A slow rule took so many times what the rules that ran took on average. */
export const SLOW_TIMES_MEAN = 20

/** Rules whose own work stands out, the dearest first. */
export function findSlowRules(tallies: readonly RuleTally[], events: number): readonly SlowRule[] {
  const ran = tallies.filter(({ spentMs }) => spentMs > 0)
  if (ran.length === 0) return []
  const meanMs = ran.reduce((sum, { spentMs }) => sum + spentMs, 0) / ran.length
  return ran
    .filter(({ spentMs }) => spentMs >= SLOW_RULE_SECONDS * 1000 && spentMs >= SLOW_TIMES_MEAN * meanMs)
    .sort((a, b) => b.spentMs - a.spentMs)
    .map(({ rule, spentMs, hits }) => ({
      ...rule,
      seconds: spentMs / 1000,
      timesMean: spentMs / meanMs,
      why:
        hits * 4 > events
          ? `it found ${hits} of ${events} events`
          : 'what it asks for stands in no list of values: texts were read, or searched in every field',
    }))
}
