import type { Platform } from '@timeskein/ingest/platforms'
import type { Principal } from '../../auth/principal.ts'

/** A platform that is pulled from into a sketch. Its secret is kept encrypted and never told. */
export interface Connector {
  /** 32 hex digits. */
  readonly uid: string
  readonly name: string
  readonly platform: Platform
  readonly url: string
  readonly sketchId: number
  /** Undefined until the first item came. */
  readonly timelineId: number | undefined
  /** Name of the user in whose name it pulls. */
  readonly username: string
  /** Client or user id, and organisation, as far as the platform wants them. */
  readonly clientId: string | undefined
  readonly organisationId: string | undefined
  readonly status: ConnectorStatus
  /** Where each of its streams goes on: the time up to which it was read. */
  readonly cursor: Readonly<Record<string, string>>
  /** Sums over all pulls. */
  readonly counts: PullCounts
  /** Items that are put aside now. */
  readonly asideCount: number
  readonly createdAtMs: number
}

/** How a connector fares. */
export interface ConnectorStatus {
  /** `new`: not pulled yet. `backing-off`: it failed and is tried again. */
  readonly state: 'new' | 'ok' | 'backing-off'
  /** What went wrong, a sentence; undefined when nothing did. */
  readonly problem: string | undefined
  readonly sinceMs: number
  readonly lastPullMs: number | undefined
  /** When it is pulled next by a server; a pull that is asked for does not wait. */
  readonly nextPullMs: number
  /** Failures one after another. */
  readonly failures: number
  /** The pull that runs now: since when, and how many items it has read; undefined where none does. */
  readonly pulling: { readonly sinceMs: number; readonly read: number } | undefined
}

/** Items of a pull by what became of them. */
export interface PullCounts {
  readonly read: number
  readonly new: number
  readonly updated: number
  readonly unchanged: number
  /** Put aside, as often as they came. */
  readonly rejected: number
}

/** An item that is kept, and not stored as the others are. */
export interface ConnectorReject {
  /** Sort of item. */
  readonly kind: string
  /** The platform's id; undefined where it has none. */
  readonly id: string | undefined
  /** A sentence. */
  readonly reason: string
  /** The item as the platform gave it, in JSON. */
  readonly json: string
  /** When it came last. */
  readonly atMs: number
}

/** Credentials in place of earlier ones. */
export interface NewSecret {
  readonly secret: string
  /** @default as before */
  readonly clientId?: string
}

/** What a pull did. */
export interface PullReport extends PullCounts {
  /** As of `Connector`. */
  readonly cursor: Readonly<Record<string, string>>
}

/** How far a pull is. */
export interface PullProgress {
  readonly connector: string
  readonly stream: string
  readonly read: number
  /** The time up to which the stream was read, ISO 8601; undefined where it has none. */
  readonly upTo: string | undefined
}

/** What a connector is made of. */
export interface NewConnector {
  /** 1 to 64 letters, digits, dots, dashes and underscores. */
  readonly name: string
  readonly platform: Platform
  /** @default the platform's own */
  readonly url?: string
  readonly sketchId: number
  /** Client id of Elements, user id of Threat Stack (version 2 of its API; without it version 1). */
  readonly clientId?: string
  /** Organisation to keep to, where the account has several; Threat Stack needs it in version 2. */
  readonly organisationId?: string
  readonly secret: string
  /** Private networks may be called. Administrators only. @default false */
  readonly isPrivateAllowed?: boolean
}

/** What a pull may be told. */
export interface PullOptions {
  /**
   * Where streams begin that were not read yet, ISO 8601; those that were begun later begin there again. Kept: no later pull looks at
   * what was before. @default everything there is
   */
  readonly since?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: PullProgress) => void
}

/** Connectors. Whoever may write to the sketch makes, uses and removes them; who may read it sees them. */
export interface ConnectorService {
  /** Of the sketches that the caller may read, by name. */
  list(principal: Principal): Promise<readonly Connector[]>
  /** @throws {DomainError} `not-found` (`connector-not-found`). */
  get(principal: Principal, name: string): Promise<Connector>
  /**
   * Makes one, if its credentials work. Where the sketch had one of the same organisation of the platform, which was removed, it goes
   * on in its place: what that one brought is known.
   *
   * @returns Also what the platform said, in words.
   * @throws {DomainError} `invalid` (`bad-url`, `bad-connector`, `connector-refused`), `conflict` (`connector-exists`), `forbidden`
   *   (`private-address`).
   */
  add(
    principal: Principal,
    input: NewConnector,
    signal?: AbortSignal,
  ): Promise<{ readonly connector: Connector; readonly verdict: string }>
  /** Says in words whether its credentials work. @throws {DomainError} `invalid` (`connector-refused`) where they do not. */
  test(principal: Principal, name: string, signal?: AbortSignal): Promise<string>
  /**
   * Gives it other credentials of the same organisation, if they work, and pulls soon; any that work where nobody knows which that is.
   *
   * @returns What the platform said, in words.
   * @throws {DomainError} `invalid` (`connector-refused`, `bad-connector`), `conflict` (`other-account`), `not-found`
   *   (`connector-not-found`), also where it was removed while the platform was asked.
   */
  setSecret(principal: Principal, name: string, input: NewSecret, signal?: AbortSignal): Promise<string>
  /** Items that were put aside, the latest first. @returns At most `limit` of them, and how many there are. */
  listRejects(
    principal: Principal,
    name: string,
    options?: { readonly limit?: number },
  ): Promise<{ readonly items: readonly ConnectorReject[]; readonly total: number }>
  /**
   * Ends its pulls, the one that runs and those that wait for their turn, and forgets its secret; events, alerts and timeline stay, and
   * that it brought them is known to one that is added later.
   *
   * @throws {DomainError} `not-found` (`connector-not-found`), also where somebody else removed it before.
   */
  remove(principal: Principal, name: string): Promise<void>
  /**
   * Brings what is new, by as many stretches as it takes; one pull of a connector at a time. Stopped at any moment it has brought
   * whole stretches, and the next pull goes on behind them.
   *
   * @throws {DomainError} `unavailable` (`pull-failed`) in words; the connector's status says the same.
   */
  pull(principal: Principal, name: string, options?: PullOptions): Promise<PullReport>
}
