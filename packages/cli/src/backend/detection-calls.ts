import type {
  ApiAlert,
  ApiAlertDetail,
  ApiDetectionReport,
  ApiFindingDecision,
  ApiIncident,
  ApiIncidentDetail,
  ApiNewPolicy,
  ApiNewSuppression,
  ApiPolicy,
  ApiPolicyChange,
  ApiRule,
  ApiRuleAdditions,
  ApiRuleDetail,
  ApiSuppression,
} from '@timeskein/model'
import type { RuleLevel } from '@timeskein/query/sigma'

/** Rules, what they find, and what becomes of it. */
export interface DetectionCalls {
  readonly rules: RuleCalls
  readonly policies: PolicyCalls
  readonly suppressions: SuppressionCalls
  readonly alerts: FindingCalls<ApiAlert, ApiAlertDetail>
  readonly incidents: FindingCalls<ApiIncident, ApiIncidentDetail>
  /** Resolves when hits, alerts and incidents are stored. */
  detect(request: DetectRequest): Promise<ApiDetectionReport>
  /** Whether events of a sketch are looked at as they come. */
  isLive(sketchId: number): Promise<boolean>
  setLive(sketchId: number, live: boolean): Promise<void>
  /** Whether this process looks at events as they come: a server goes on without the command. */
  readonly looksInProcess: boolean
  /** Waits until events that were imported have been looked at; the report of the last look, where there was one. */
  waitForDetection(sketchId: number, signal: AbortSignal): Promise<ApiDetectionReport | undefined>
}

/** A file of rules as text. */
export interface RuleFile {
  readonly file: string
  readonly text: string
}

/** Which rules of the library. */
export interface RuleFilter {
  readonly enabled?: boolean
  readonly level?: RuleLevel
  readonly kind?: ApiRule['kind']
  readonly text?: string
}

/** The library of rules. */
export interface RuleCalls {
  add(files: readonly RuleFile[], signal: AbortSignal): Promise<ApiRuleAdditions>
  /** In the order they came. */
  list(filter: RuleFilter): Promise<readonly ApiRule[]>
  get(id: string): Promise<ApiRuleDetail>
  setEnabled(id: string, enabled: boolean): Promise<ApiRule>
  remove(id: string): Promise<void>
}

/** Named sets of rules. */
export interface PolicyCalls {
  /** By name. */
  list(): Promise<readonly ApiPolicy[]>
  create(policy: ApiNewPolicy): Promise<ApiPolicy>
  update(id: string, change: ApiPolicyChange): Promise<ApiPolicy>
  /** The rules stay. */
  delete(id: string): Promise<void>
}

/** What keeps hits from becoming alerts. */
export interface SuppressionCalls {
  /** In the order they were made; with a sketch, those of that one only. */
  list(sketchId: number | undefined): Promise<readonly ApiSuppression[]>
  add(suppression: ApiNewSuppression): Promise<ApiSuppression>
  remove(id: string): Promise<void>
}

/** Which alerts or incidents; what is left out does not matter. */
export interface FindingQuery {
  readonly sketch?: number
  readonly status?: readonly ApiAlert['status'][]
  /** At least so severe. */
  readonly severity?: number
  readonly host?: string
  readonly assignee?: string
  /** Part of the title. */
  readonly text?: string
  /** Id of a rule; alerts only. */
  readonly rule?: string
}

/** Alerts, or incidents. */
export interface FindingCalls<Row, Detail> {
  /** Those with the latest event first, at most so many. */
  list(query: FindingQuery, limit: number): Promise<{ items: readonly Row[]; total: number }>
  get(id: string): Promise<Detail>
  decide(id: string, decision: ApiFindingDecision): Promise<Row>
  comment(id: string, text: string): Promise<void>
}

/** A run of detection. */
export interface DetectRequest {
  readonly sketchId: number
  readonly timeline?: string
  /** Instead of those of the library. */
  readonly rules?: readonly RuleFile[]
  /** Id of a policy: its rules only, of those of the library. */
  readonly policy?: string
  /** Processing pipelines, beside those of the library. */
  readonly pipelines?: readonly RuleFile[]
  readonly isDryRun: boolean
  readonly signal: AbortSignal
}
