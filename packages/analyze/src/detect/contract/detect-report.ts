import type { SigmaProblem } from '@timeskein/query/sigma'
import type { DetectPosition } from './detect-request.ts'
import type { DetectRule } from './rule-set.ts'

/** The account of one run: every rule of the set is in exactly one of `matched`, `unmatched`, `unsupported`. */
export interface DetectReport {
  /** Events looked at. */
  readonly events: number
  /** Rules and correlations of the set, those that could not be read included. */
  readonly rules: number
  readonly seconds: number
  /** Hits of all rules together: an event that three rules found counts three times; a correlation's hit counts once. */
  readonly hits: number
  /** Different events that some rule found. */
  readonly hitEvents: number
  /** Most hits first. */
  readonly matched: readonly MatchedRule[]
  readonly unmatched: readonly UnmatchedRule[]
  readonly unsupported: readonly SigmaProblem[]
  /** What does not keep a rule from running: a misspelt level, an id that stands twice, an asked field that no rule could have. */
  readonly warnings: readonly SigmaProblem[]
  /** Rules whose cost stands out, the dearest first. */
  readonly slow: readonly SlowRule[]
  readonly logSources: readonly LogSourceCoverage[]
  readonly techniques: readonly TechniqueCoverage[]
  /** Seconds of each step of the run, in their order. */
  readonly steps: readonly { readonly name: string; readonly seconds: number }[]
  /** To be given as `since` to the next run. */
  readonly position: DetectPosition
}

/** A rule that found something. */
export interface MatchedRule extends DetectRule {
  readonly hits: number
  /** Work that was done for this rule alone. */
  readonly seconds: number
  readonly firstUs: bigint
  readonly lastUs: bigint
  /** The most frequent first, at most `MAX_REPORTED_HOSTS`. */
  readonly hosts: readonly { readonly host: string; readonly hits: number }[]
  /** Different hosts, those not listed included. */
  readonly hostCount: number
  /** It found every event there is. */
  readonly matchesEverything: boolean
  /** False: it is there for a correlation, and its hits were not handed over. */
  readonly isReported: boolean
}

/**
 * Why a rule found nothing: `log-source` no event is of its log source; `field` no event has a field that it needs; `value` a value
 * that it needs was never seen; `events` all it needs is there, but in no one event; `threshold` a correlation whose rules were
 * hit, but not as it asks; `rules` a correlation whose rules found nothing; `nothing-asked` it was not run:
 * placeholders of it, or of a rule that it correlates, have no values, or a pipeline dropped all of it.
 */
export const UNMATCHED_REASONS = [
  'log-source',
  'field',
  'value',
  'events',
  'threshold',
  'rules',
  'nothing-asked',
] as const
export type UnmatchedReason = (typeof UNMATCHED_REASONS)[number]

/** A rule that found nothing. */
export interface UnmatchedRule extends DetectRule {
  readonly reason: UnmatchedReason
  /** For people: which field, which value. */
  readonly detail: string
  readonly seconds: number
}

/** A rule that took long: at least `SLOW_RULE_SECONDS`, and so many times as long as the rules that ran took on average. */
export interface SlowRule extends DetectRule {
  readonly seconds: number
  /** How many times the mean of the rules that ran. */
  readonly timesMean: number
  /** What took the time. */
  readonly why: string
}

/** How the rules of one log source did. */
export interface LogSourceCoverage {
  readonly category: string | undefined
  readonly product: string | undefined
  readonly service: string | undefined
  readonly rules: number
  /** Rules that the events could have matched: log source, fields and values are there. */
  readonly able: number
  readonly matched: number
  readonly hits: number
  /** Whether some event is of this log source, as far as the rules can tell. */
  readonly isPresent: boolean
}

/** How the rules of one ATT&CK technique did. */
export interface TechniqueCoverage {
  /** `T1059` or `T1059.001`. */
  readonly technique: string
  readonly rules: number
  readonly able: number
  readonly matched: number
  readonly hits: number
}
