import type {
  ThreatStackAuditRecord,
  ThreatStackMember,
  ThreatStackS3Export,
  ThreatStackWebhook,
} from '@timeskein/model/threatstack'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions } from '../call-options.ts'
import type { Connection } from '../connection.ts'
import { listByToken, type TimeSpan } from './list.ts'

/** What is said of a webhook. */
export interface WebhookDraft {
  readonly url: string
  readonly enabled?: boolean | undefined
  readonly severity?: 1 | 2 | 3 | undefined
}

/** Members, invitations, what was done by whom, and settings of the organization. */
export class Organization {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @param options.enabledOnly - @default false */
  members(
    options: CallOptions & { readonly enabledOnly?: boolean | undefined } = {},
  ): Listing<ThreatStackMember> {
    return listByToken(this.#connection, '/organizations/members', 'members', { ...options })
  }

  async setRole(memberId: string, role: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send(
      { method: 'POST', path: '/organizations/members', json: { id: memberId, role } },
      options,
    )
  }

  async removeMember(memberId: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({ method: 'DELETE', path: path`/organizations/members/${memberId}` }, options)
  }

  invite(
    email: string,
    role: 'user' | 'reader',
    options: CallOptions = {},
  ): Promise<{ readonly sentToEmail: string; readonly role: string; readonly status: string }> {
    return this.#connection.send(
      { method: 'POST', path: '/organizations/invites', json: { email, role } },
      options,
    )
  }

  /** What was done by whom, newest first; of the last 30 days where no time is given. */
  auditLogs(
    filter: TimeSpan &
      CallOptions & { readonly operation?: string | undefined; readonly userEmail?: string | undefined } = {},
  ): Listing<ThreatStackAuditRecord> {
    return listByToken(this.#connection, '/auditlogs', 'recs', { ...filter })
  }

  /** Where events are written to. */
  s3Exports(options: CallOptions = {}): Promise<readonly ThreatStackS3Export[]> {
    return this.#connection.send({ method: 'GET', path: '/integrations/s3export' }, options)
  }

  setS3Export(
    settings: Omit<ThreatStackS3Export, 'organization_id' | 'enrolledAt'>,
    options: CallOptions = {},
  ): Promise<ThreatStackS3Export> {
    return this.#connection.send({ method: 'PUT', path: '/integrations/s3export', json: settings }, options)
  }

  async removeS3Export(s3Bucket: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send(
      { method: 'DELETE', path: '/integrations/s3export', json: { s3Bucket } },
      options,
    )
  }

  /** Addresses that new alerts are sent to. These calls are those of Timeskein's own server: the vendor's are not known. */
  webhooks(options: CallOptions = {}): Listing<ThreatStackWebhook> {
    return listByToken(this.#connection, '/integrations/webhooks', 'webhooks', { ...options })
  }

  /** @param webhook.severity - Alerts of this severity and those above are sent; 1 is the highest. @default 3 */
  createWebhook(webhook: WebhookDraft, options: CallOptions = {}): Promise<ThreatStackWebhook> {
    return this.#connection.send({ method: 'POST', path: '/integrations/webhooks', json: webhook }, options)
  }

  replaceWebhook(id: string, webhook: WebhookDraft, options: CallOptions = {}): Promise<ThreatStackWebhook> {
    return this.#connection.send(
      { method: 'PUT', path: path`/integrations/webhooks/${id}`, json: webhook },
      options,
    )
  }

  async deleteWebhook(id: string, options: CallOptions = {}): Promise<void> {
    await this.#connection.send({ method: 'DELETE', path: path`/integrations/webhooks/${id}` }, options)
  }
}
