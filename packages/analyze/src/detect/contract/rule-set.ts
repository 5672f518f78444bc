import type { RuleLevel, RuleStatus, SigmaDocument, SigmaProblem, SigmaSource } from '@timeskein/query/sigma'

/** Rules, correlations and filters that have been read, ready to be run again and again; made by `readRuleSet`. */
export interface RuleSet {
  readonly documents: readonly SigmaDocument[]
  /** One for each rule that could not be read. */
  readonly problems: readonly SigmaProblem[]
  /**
   * Processing pipelines of the user's, as YAML: they stand in every chain, by priority, behind ours of the same one. One that
   * cannot be read is told in the report's warnings, and the rest are used. @default none
   */
  readonly pipelines?: readonly SigmaSource[]
  /**
   * Tells the set from every other, and from the same rules read by another version of Timeskein: plans are kept in files under
   * it. @default none: they are kept in memory alone
   */
  readonly hash?: string
}

/** Where plans of rules are kept from one process to the next. Neither call rejects: what cannot be kept is made again. */
export interface PlanFiles {
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
}

/** A rule or correlation as reports and hits name it. */
export interface DetectRule {
  /** Names it within the set, for ever alike for equal sets: its id, or where it stands; a repeated id has a number behind it. */
  readonly key: string
  readonly kind: 'rule' | 'correlation'
  /** Undefined where the rule has none. */
  readonly id: string | undefined
  readonly title: string
  readonly description: string | undefined
  readonly level: RuleLevel | undefined
  readonly status: RuleStatus | undefined
  /** As written: `attack.t1059.001`, `cve.2021-44228`. */
  readonly tags: readonly string[]
  readonly file: string
  readonly line: number
}
