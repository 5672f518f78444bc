import type { RuleLevel, RuleStatus, SigmaDocument, SigmaProblem } from '@timeskein/query/sigma'

/** Rules, correlations and filters that have been read, ready to be run again and again; made by `readRuleSet`. */
export interface RuleSet {
  readonly documents: readonly SigmaDocument[]
  /** One for each rule that could not be read. */
  readonly problems: readonly SigmaProblem[]
}

/** A rule or correlation as reports and hits name it. */
export interface DetectRule {
  /** Names it within the set, for ever alike for equal sets: its id, or where it stands; a repeated id has a number behind it. */
  readonly key: string
  readonly kind: 'rule' | 'correlation'
  /** Undefined where the rule has none. */
  readonly id: string | undefined
  readonly title: string
  readonly level: RuleLevel | undefined
  readonly status: RuleStatus | undefined
  /** As written: `attack.t1059.001`, `cve.2021-44228`. */
  readonly tags: readonly string[]
  readonly file: string
  readonly line: number
}
