import type { Principal } from '../../auth/principal.ts'

/** An address that new alerts are sent to. */
export interface Webhook {
  /** UUID. */
  readonly uid: string
  readonly url: string
  readonly isEnabled: boolean
  /** Alerts below are not sent: 0 to 100. */
  readonly minSeverity: number
  readonly createdAtMs: number
  /** Undefined until the first were taken. */
  readonly lastSentMs: number | undefined
  /** Why the last try failed; undefined where it did not. */
  readonly problem: string | undefined
}

/** What is said of a webhook. */
export interface WebhookDraft {
  readonly url: string
  /** @default true */
  readonly isEnabled?: boolean
  /** @default 0 */
  readonly minSeverity?: number
}

/**
 * Webhooks, for administrators. Each sends the alerts that whoever made it may see, from its making on, in the shape of Threat Stack's
 * alert webhook. What is not taken is sent again, later and later up to an hour: each alert at least once, in the order they came.
 * Addresses are checked as those of connectors are.
 */
export interface WebhookService {
  /** In the order they were made. */
  list(principal: Principal): Promise<readonly Webhook[]>
  /** @throws {DomainError} `not-found` (`webhook-not-found`). */
  get(principal: Principal, uid: string): Promise<Webhook>
  /** @throws {DomainError} `invalid` (`bad-url`, `bad-severity`), `forbidden` (`private-address`). */
  create(principal: Principal, draft: WebhookDraft): Promise<Webhook>
  /** Tries what waits again at once. @throws {DomainError} as `get` and `create`. */
  replace(principal: Principal, uid: string, draft: WebhookDraft): Promise<Webhook>
  delete(principal: Principal, uid: string): Promise<void>
  /** Sends what is new and due without waiting for the next look of a server. */
  send(principal: Principal): Promise<void>
}
