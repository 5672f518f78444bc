import type { Principal } from '../../auth/principal.ts'
import type { Alert, AlertSource } from '../alerts/alert-service.ts'
import type {
  Finding,
  FindingChange,
  FindingComment,
  FindingDecision,
  FindingFilter,
  FindingPage,
  FindingPageOptions,
  FindingSlice,
} from '../findings/finding.ts'

/** Alerts of one host or account that are near in time (`groupAlerts` says how near). */
export interface Incident extends Finding {
  /** 0 to 100: the highest severity of its alerts, and more for each further rule and tactic. */
  readonly risk: number
  readonly alertCount: number
  /** The incident that took this one in. */
  readonly mergedIntoId: number | undefined
  /** Where it comes from: `detection`, or the name of a platform, which then says what belongs to it. */
  readonly source: AlertSource
  /** The record of the platform it came from, whole. */
  readonly details: Readonly<Record<string, unknown>>
}

/** An incident with its alerts, which are its detections, by the time of their first event. */
export interface IncidentWithAlerts extends Incident {
  readonly alerts: readonly Alert[]
}

/** Which incidents, beside what holds for all findings. */
export interface IncidentFilter extends FindingFilter {
  /** Ids of ours (UUIDs or 32 hex digits) or of the platform that they come from. */
  readonly ids?: readonly string[]
  /** Ranges of the risk, both ends of which belong to them: it is in one of these. */
  readonly risks?: readonly { readonly from: number; readonly to: number }[]
}

/** Incidents; who may see and change them, and what an id is, is as for alerts. */
export interface IncidentService {
  list(
    principal: Principal,
    filter?: IncidentFilter,
    page?: FindingPageOptions,
  ): Promise<FindingPage<Incident>>
  /** As `list`, without counting all. */
  readPage(
    principal: Principal,
    filter: IncidentFilter,
    page: FindingPageOptions,
  ): Promise<FindingSlice<Incident>>
  /** @throws {DomainError} `not-found` (`incident-not-found`), `invalid` (`ambiguous-id`). */
  get(principal: Principal, id: string): Promise<IncidentWithAlerts>
  /** Closing or rejecting one does so with its alerts that are not ended; opening it again leaves them. */
  decide(principal: Principal, id: string, decision: FindingDecision): Promise<Incident>
  comment(principal: Principal, id: string, text: string): Promise<FindingComment>
  listComments(principal: Principal, id: string): Promise<readonly FindingComment[]>
  listChanges(principal: Principal, id: string): Promise<readonly FindingChange[]>
}
