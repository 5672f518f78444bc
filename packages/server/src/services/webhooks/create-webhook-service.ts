import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import type { WebhookRow } from '../../db/alert-schema.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { decideAddressRules, readPlatformUrl } from '../connectors/address/check-url.ts'
import { findDefaultOrganisation } from '../organisations/organisation-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { WebhookSender } from './webhook-sender.ts'
import type { Webhook, WebhookDraft, WebhookService } from './webhook-service.ts'

/** Webhooks, kept in the metadata database. */
export function createWebhookService(
  { db, audit, now }: ServiceContext,
  sender: WebhookSender,
): WebhookService {
  const requireRow = async (principal: Principal, uid: string): Promise<Selectable<WebhookRow>> => {
    requireAdmin(principal)
    const row = await db
      .selectFrom('webhooks')
      .selectAll()
      .where('uid', '=', uid.toLowerCase())
      .executeTakeFirst()
    if (!row) throw notFound('webhook', uid.slice(0, 64))
    return row
  }
  const service: WebhookService = {
    async list(principal) {
      requireAdmin(principal)
      return (await db.selectFrom('webhooks').selectAll().orderBy('id').execute()).map(toWebhook)
    },
    get: async (principal, uid) => toWebhook(await requireRow(principal, uid)),
    async create(principal, draft) {
      requireAdmin(principal)
      const columns = toColumns(principal, draft)
      const uid = randomUUID()
      const last = await db
        .selectFrom('alerts')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst()
      await db
        .insertInto('webhooks')
        .values({
          ...columns,
          uid,
          organisation_id: await findDefaultOrganisation(db),
          user_id: principal.userId,
          last_alert_id: last?.id ?? 0,
          failures: 0,
          next_send_ms: 0,
          last_sent_ms: null,
          problem: null,
          created_at_ms: now(),
        })
        .execute()
      await audit.record(principal, {
        action: 'webhook.create',
        subject: `webhook/${uid}`,
        details: { at: new URL(columns.url).origin },
      })
      return await service.get(principal, uid)
    },
    async replace(principal, uid, draft) {
      const { id } = await requireRow(principal, uid)
      const columns = toColumns(principal, draft)
      await db
        .updateTable('webhooks')
        .set({ ...columns, failures: 0, next_send_ms: 0 })
        .where('id', '=', id)
        .execute()
      await audit.record(principal, {
        action: 'webhook.update',
        subject: `webhook/${uid}`,
        details: { at: new URL(columns.url).origin },
      })
      return await service.get(principal, uid)
    },
    async delete(principal, uid) {
      const { id, url } = await requireRow(principal, uid)
      await db.deleteFrom('webhooks').where('id', '=', id).execute()
      await audit.record(principal, {
        action: 'webhook.delete',
        subject: `webhook/${uid}`,
        details: { at: new URL(url).origin },
      })
    },
    async send(principal) {
      requireAdmin(principal)
      await sender.look()
    },
  }
  return service
}

function toColumns(
  principal: Principal,
  { url, isEnabled = true, minSeverity = 0 }: WebhookDraft,
): Pick<Selectable<WebhookRow>, 'url' | 'rules_json' | 'is_enabled' | 'min_severity'> {
  if (!(Number.isInteger(minSeverity) && minSeverity >= 0 && minSeverity <= 100))
    throw invalid('bad-severity', `A severity is a whole number from 0 to 100; found ${minSeverity}.`)
  const address = readPlatformUrl(url)
  return {
    url: address.href,
    rules_json: JSON.stringify(decideAddressRules(principal, address, false)),
    is_enabled: isEnabled ? 1 : 0,
    min_severity: minSeverity,
  }
}

function toWebhook(row: Selectable<WebhookRow>): Webhook {
  return {
    uid: row.uid,
    url: row.url,
    isEnabled: row.is_enabled === 1,
    minSeverity: row.min_severity,
    createdAtMs: row.created_at_ms,
    lastSentMs: row.last_sent_ms ?? undefined,
    problem: row.problem ?? undefined,
  }
}
