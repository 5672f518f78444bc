import type { Pipeline } from '@timeskein/query/sigma'
import type { Scope } from '@timeskein/store'
import type { KeptPlans } from '../plan/kept-plans.ts'
import type { Hits } from './hits.ts'
import type { RuleSet } from './rule-set.ts'

/** How far a run looked: index -> the number of the first row that it did not look at. Plain JSON, to be kept. */
export type DetectPosition = Readonly<Record<string, number>>

/** One run of a set of rules over the events of a store. */
export interface DetectRequest {
  readonly scope: Scope
  readonly rules: RuleSet
  /**
   * Applied to every rule instead of those chosen by the fields of the scope, beside those of the set: several chains, and an event is a hit when one of
   * them says so. @default chosen
   */
  readonly pipelines?: readonly (readonly Pipeline[])[]
  /** Plans kept from run to run, where pipelines are chosen. @default each run makes its own */
  readonly plans?: KeptPlans
  /** Only what came since an earlier run is reported; correlations still see what was there before. @default everything */
  readonly since?: DetectPosition
  /**
   * What each hit is told with, by a name of the caller's: the first of the fields that the event has a value of.
   *
   * @default host and account, by the names that Windows, ECS, Plaso, Timesketch, Splunk and Logstash have for them
   */
  readonly columns?: Readonly<Record<string, readonly HitField[]>>
  /** Aborting throws its reason; hits handed over by then stay handed over. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: DetectProgress) => void
}

/** Takes hits as they are found: rule by rule, each rule's in one or several pieces. The next piece waits for the promise. */
export type HitSink = (hits: Hits) => void | Promise<void>

/** How far a run is; the numbers of one step never fall. */
export interface DetectProgress {
  readonly step: 'compile' | 'values' | 'rows' | 'hits' | 'correlate'
  readonly done: number
  readonly total: number
  readonly unit: 'rules' | 'fields' | 'events'
}

/** A field that a column of hits is read from; or one that only counts in rows with a value in one of some others, and not as a dash. */
export type HitField = string | { readonly field: string; readonly beside: readonly string[] }
