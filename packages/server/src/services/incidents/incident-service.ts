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

/** Incidents; who may see and change them, and what an id is, is as for alerts. */
export interface IncidentService {
  list(
    principal: Principal,
    filter?: FindingFilter,
    page?: FindingPageOptions,
  ): Promise<FindingPage<Incident>>
  /** @throws {DomainError} `not-found` (`incident-not-found`), `invalid` (`ambiguous-id`). */
  get(principal: Principal, id: string): Promise<IncidentWithAlerts>
  /** Closing or rejecting one does so with its alerts that are not ended; opening it again leaves them. */
  decide(principal: Principal, id: string, decision: FindingDecision): Promise<Incident>
  comment(principal: Principal, id: string, text: string): Promise<FindingComment>
  listComments(principal: Principal, id: string): Promise<readonly FindingComment[]>
  listChanges(principal: Principal, id: string): Promise<readonly FindingChange[]>
}
