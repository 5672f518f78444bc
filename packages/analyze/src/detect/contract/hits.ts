import type { DetectRule } from './rule-set.ts'

/** Some events that a rule found, or what a correlation found. */
export type Hits = RuleHits | CorrelationHit

/** Events of one index that a rule found; every array has an entry for each, in the order of their row numbers. */
export interface RuleHits {
  readonly kind: 'rule'
  readonly rule: DetectRule
  readonly index: string
  /** Row numbers in the index; `formatEventId(index, seq)` of the store makes ids of them. */
  readonly seqs: Uint32Array
  /** Microseconds since 1970. */
  readonly timesUs: BigInt64Array
  readonly timelineIds: Uint32Array
  /** By the names that `DetectRequest.columns` gave. */
  readonly columns: Readonly<Record<string, HitColumn>>
}

/** A value for each of some events: `values[ids[i]]`, or none where that is -1. */
export interface HitColumn {
  readonly values: readonly string[]
  readonly ids: Int32Array
}

/** Events of several rules, or of one rule many times, that a correlation found together. */
export interface CorrelationHit {
  readonly kind: 'correlation'
  readonly rule: DetectRule
  /** The group's values, by the names that `group-by` has. */
  readonly group: Readonly<Record<string, string>>
  /** Of the first and the last event. */
  readonly firstUs: bigint
  readonly lastUs: bigint
  /** What the condition was held against: events, different values, a sum …; of `temporal` the rules that were hit. */
  readonly figure: number
  /** All events in the order of time. */
  readonly events: readonly CorrelatedEvent[]
  /**
   * One of its events is new. A run over new events tells of a group with such a finding the others too: it is all that there is of the
   * group.
   */
  readonly isNew: boolean
}

/** An event as a correlation sees it. */
export interface CorrelatedEvent {
  readonly index: string
  readonly seq: number
  readonly timelineId: number
  readonly timeUs: bigint
  /** Key of the rule that found it. */
  readonly ruleKey: string
  /** Its values by the names that `DetectRequest.columns` gave; one that it has not is left out. */
  readonly columns: Readonly<Record<string, string>>
}
