import type { Principal } from '../../auth/principal.ts'
import type { Alert } from '../alerts/alert-service.ts'

/** Where somebody is with a case. */
export const CASE_STATUSES = ['open', 'acknowledged', 'in-progress', 'closed', 'rejected'] as const
/** Where somebody is with a case. */
export type CaseStatus = (typeof CASE_STATUSES)[number]
/** How urgent a case is. */
export type CasePriority = 'low' | 'medium' | 'high'

/** Alerts and events that somebody looks into together. */
export interface Case {
  /** 32 hex digits. */
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly status: CaseStatus
  readonly priority: CasePriority
  readonly tags: readonly string[]
  /** What else its maker said; told back as it is. */
  readonly details: Readonly<Record<string, unknown>>
  readonly createdById: number
  readonly updatedById: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly commentCount: number
  readonly alerts: readonly Pick<
    Alert,
    'id' | 'uid' | 'source' | 'details' | 'title' | 'firstUs' | 'lastUs'
  >[]
}

/** What a case says; what is left out stays as it is. */
export interface CaseChange {
  readonly title?: string
  readonly description?: string
  readonly status?: CaseStatus
  readonly priority?: CasePriority
  readonly tags?: readonly string[]
  /** Members that are given take the place of those there are. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** A remark on a case. */
export interface CaseComment {
  readonly uid: string
  readonly text: string
  readonly userId: number
  readonly createdAtMs: number
  readonly updatedAtMs: number | undefined
}

/** Remarks on one case at most. */
export const MAX_CASE_COMMENTS = 500

/**
 * Cases. Whoever may read the sketches of all their alerts sees them, whoever may write to all of them changes them; one without alerts
 * is its maker's. To others they are not there. An id is the UUID, the short one (`CA…`), or the beginning of the uid.
 */
export interface CaseService {
  /** Newest first. */
  list(principal: Principal): Promise<readonly Case[]>
  /** @throws {DomainError} `not-found` (`case-not-found`). */
  get(principal: Principal, id: string): Promise<Case>
  /** @throws {DomainError} `invalid` (`bad-name`). */
  create(principal: Principal, input: CaseChange & { readonly title: string }): Promise<Case>
  update(principal: Principal, id: string, change: CaseChange): Promise<Case>
  /** Its alerts and events stay. */
  delete(principal: Principal, id: string): Promise<void>
  /** Needs write on the alerts’ sketches. @throws {DomainError} `not-found` (`alert-not-found`), `forbidden`: none is added then. */
  addAlerts(principal: Principal, id: string, alertIds: readonly string[]): Promise<Case>
  /**
   * @param handles - As stores name events, or `__event_id` of those that came from Sekoia.io with one.
   * @throws {DomainError} `not-found` (`event-not-found`) for one that the caller may not read, too: none is added then.
   */
  addEvents(principal: Principal, id: string, handles: readonly string[]): Promise<Case>
  /** @throws {DomainError} `not-found` (`event-not-found`). */
  removeEvent(principal: Principal, id: string, handle: string): Promise<void>
  /** Oldest first. */
  listComments(principal: Principal, id: string): Promise<readonly CaseComment[]>
  /** @throws {DomainError} `not-found` (`comment-not-found`). */
  getComment(principal: Principal, id: string, commentUid: string): Promise<CaseComment>
  /** @throws {DomainError} `conflict` (`too-many-comments`), `invalid` (`bad-comment`). */
  comment(principal: Principal, id: string, text: string): Promise<CaseComment>
  /** One's own, or any as an administrator. @throws {DomainError} `not-found` (`comment-not-found`), `forbidden` (`not-own-comment`). */
  changeComment(principal: Principal, id: string, commentUid: string, text: string): Promise<CaseComment>
  deleteComment(principal: Principal, id: string, commentUid: string): Promise<void>
}
