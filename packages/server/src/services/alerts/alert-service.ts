import type { Principal } from '../../auth/principal.ts'
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
import type { OwnFact } from './own-facts.ts'

/** Events that an alert keeps; `Alert.count` says how many there are. */
export const MAX_EVIDENCE = 100

/** Different values that are counted at most. */
export const MAX_COUNTED_VALUES = 10_000

/** Where alerts come from: a rule of ours, or the name of a platform (`elements`, `threatstack`, `sekoia`, `api`). */
export type AlertSource = 'detection' | (string & {})

/**
 * Events that a rule found on one host in one window of time, or what another platform calls alert or security event. It is one
 * and the same in every API: closed in one, closed in all.
 */
export interface Alert extends Finding {
  readonly source: AlertSource
  readonly description: string
  /** Undefined for alerts without one; the rule itself may be gone from the library. */
  readonly ruleUuid: string | undefined
  /** The timeline of the first event that was found. */
  readonly timelineId: number | undefined
  readonly deviceId: number | undefined
  /** 32 hex digits. */
  readonly deviceUid: string | undefined
  readonly incidentId: number | undefined
  readonly incidentUid: string | undefined
  /** All of its events, also where fewer are kept. */
  readonly count: number
  /** The first events, at most `MAX_EVIDENCE`. */
  readonly evidence: readonly Evidence[]
  /** As the rule has them: `attack.t1059.001`. */
  readonly tags: readonly string[]
  /** Values that the events have in common. */
  readonly group: Readonly<Record<string, string>>
  /** The record of the platform it came from, whole. */
  readonly details: Readonly<Record<string, unknown>>
}

/** How keys of alerts begin that detection makes, and nobody else. */
const DETECTION_KEY = 'detection'

/** The key of an alert that detection makes, by what sets it apart from others. */
export function makeDetectionKey(parts: readonly unknown[]): string {
  return JSON.stringify([DETECTION_KEY, ...parts])
}

/** Whether a key is one of `makeDetectionKey`. */
export function isDetectionKey(key: string): boolean {
  return key.startsWith(`["${DETECTION_KEY}"`)
}

/** An event that an alert is about. */
export interface Evidence {
  /** Name of the index that holds it. */
  readonly index: string
  readonly id: string
}

/** Events of one timeline. */
export interface AlertSpan {
  readonly count: number
  readonly firstUs: bigint
  readonly lastUs: bigint
}

/** An alert as its source tells it. */
export interface AlertDraft {
  /** What makes it the same alert when it is told again: unique among all. */
  readonly sourceKey: string
  readonly source: AlertSource
  /** @default the default one */
  readonly organisationId?: number
  readonly sketchId?: number
  readonly timelineId?: number
  readonly ruleUuid?: string
  readonly title: string
  readonly description?: string
  readonly severity: number
  readonly host?: string
  /** Row id of the device, where that is told by more than the name of its host. */
  readonly deviceId?: number
  readonly account?: string
  /** Timeline -> what of it there is there; 0 stands for none. */
  readonly spans: ReadonlyMap<number, AlertSpan>
  /** The spans tell all there is, also where other drafts tell what came since. @default as `SpanMode` says */
  readonly tellsAll?: boolean
  readonly evidence?: readonly Evidence[]
  readonly tags?: readonly string[]
  readonly group?: Readonly<Record<string, string>>
  readonly details?: Readonly<Record<string, unknown>>
  /** What found it; null for what is only a part of an incident. @default DEFAULT_ENGINE */
  readonly engine?: string | null
  /** Its platform's id of what it is about. */
  readonly targetId?: string
  /** When the platform made it. @default now */
  readonly createdAtMs?: number
}

/** Hits that are not to become alerts; what is left out is any. */
export interface Suppression {
  /** UUID. */
  readonly uid: string
  readonly sketchId: number | undefined
  readonly ruleUuid: string | undefined
  /** In lower case. */
  readonly host: string | undefined
  readonly reason: string
  readonly createdAtMs: number
  /** It holds before this moment; undefined: for ever. */
  readonly untilMs: number | undefined
}

/** A suppression that somebody wishes for: it names a rule, a host, or both. */
export type NewSuppression = Partial<Pick<Suppression, 'sketchId' | 'ruleUuid' | 'host' | 'untilMs'>> & {
  readonly reason: string
}

/** Which alerts, beside what holds for all findings. */
export interface AlertFilter extends FindingFilter {
  readonly ruleUuid?: string
  /** Of one of these rules. */
  readonly ruleUuids?: readonly string[]
  /** Of none of these rules. */
  readonly otherThanRuleUuids?: readonly string[]
  /** The item of a platform that it is; in each sketch that has it, it is an alert of its own. */
  readonly item?: { readonly platform: string; readonly kind: string; readonly id: string }
  /** An id that its platform's record tells of it, as the platform writes it. @param member - Of the record; a name of ours, never of a caller. */
  readonly platformId?: { readonly platform: string; readonly member: string; readonly id: string }
  readonly source?: AlertSource
  /** Row id. */
  readonly incidentId?: number
  /** Of one of these. */
  readonly incidentIds?: readonly number[]
  readonly deviceId?: number
  readonly timelineId?: number
  /** One of its tags. */
  readonly tag?: string
  /** Of the device: the platform's id, or ours as a UUID or 32 hex digits. */
  readonly targetUid?: string
  /** Engines of WithSecure Elements that it counts as, in any case. */
  readonly engines?: readonly string[]
}

/**
 * Alerts of all sources. Those of a sketch are seen by who may read it and changed by who may write; those without one by
 * everybody. An id is the row's number, the uid (with dashes or without), or the beginning of it, at least 6 digits.
 */
export interface AlertService {
  list(principal: Principal, filter?: AlertFilter, page?: FindingPageOptions): Promise<FindingPage<Alert>>
  /** As `list`, without counting all, which takes as long as there are many. */
  readPage(principal: Principal, filter: AlertFilter, page: FindingPageOptions): Promise<FindingSlice<Alert>>
  /**
   * How many alerts have each value of a fact that their platform's record tells, most first; those without one are left out.
   *
   * @param own - What counts for alerts of other platforms than `of`, and of our own.
   * @throws {DomainError} `too-large` (`too-many-values`) for more than `MAX_COUNTED_VALUES` different ones.
   */
  countBy(
    principal: Principal,
    filter: AlertFilter,
    path: string,
    own?: { readonly of: string; readonly fact: OwnFact },
  ): Promise<readonly { readonly value: string; readonly count: number }[]>
  /** How many alerts of each of the filter's engines there are, most first. */
  countByEngine(
    principal: Principal,
    filter: AlertFilter & { readonly engines: readonly string[] },
  ): Promise<readonly { readonly value: string; readonly count: number }[]>
  /** How many alerts answer of each severity, 0 to 100; severities of which there are none are left out. */
  countBySeverity(principal: Principal, filter: AlertFilter): Promise<ReadonlyMap<number, number>>
  /** @throws {DomainError} `not-found` (`alert-not-found`), `invalid` (`ambiguous-id`). */
  get(principal: Principal, id: string): Promise<Alert>
  /** @throws {DomainError} as `get`; `forbidden`, `not-found` (`user-not-found`), `invalid` (`bad-severity`). */
  decide(principal: Principal, id: string, decision: FindingDecision): Promise<Alert>
  comment(principal: Principal, id: string, text: string): Promise<FindingComment>
  /** Oldest first. */
  listComments(principal: Principal, id: string): Promise<readonly FindingComment[]>
  /** Oldest first. */
  listChanges(principal: Principal, id: string): Promise<readonly FindingChange[]>
  /**
   * Makes alerts, or brings those that are there up to date, and groups them to incidents; for pulls and other APIs. Needs write
   * on the sketches they name.
   *
   * @throws {DomainError} `invalid` (`bad-alert`: of the source `detection`, or without spans), `conflict` (`alert-key-taken`: the
   * key is that of an alert of another sketch or source).
   */
  store(principal: Principal, drafts: readonly AlertDraft[]): Promise<StoredAlerts>

  listSuppressions(principal: Principal, sketchId?: number): Promise<readonly Suppression[]>
  /** Needs write on the sketch; without one it holds everywhere and needs an administrator. */
  suppress(principal: Principal, input: NewSuppression): Promise<Suppression>
  unsuppress(principal: Principal, uid: string): Promise<void>
}

/** What became of alerts that were stored, and of the incidents they belong to. */
export interface StoredAlerts {
  readonly created: number
  /** There were more events. */
  readonly updated: number
  readonly unchanged: number
  /** Hits that a suppression kept from becoming an alert. */
  readonly suppressed: number
  readonly incidents: { readonly created: number; readonly updated: number; readonly reopened: number }
}
