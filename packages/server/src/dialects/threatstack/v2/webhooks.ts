import {
  type ThreatStackWebhook,
  threatStackWebhookDraftSchema,
  threatStackWebhookSchema,
} from '@timeskein/model/threatstack'
import type { z } from 'zod'
import type { Webhook, WebhookDraft } from '../../../services/webhooks/webhook-service.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { toIso } from '../wire/facts.ts'
import { spanOfSeverity, toSeverity } from '../wire/severity.ts'
import { listAnswer, v2Route } from './v2-route.ts'

const PATH = '/integrations/webhooks'

/** Addresses that new alerts are sent to. No source has the platform's own calls for these: path and shape are ours. */
export const webhookRoutes: readonly PlatformRoute[] = [
  v2Route({
    method: 'GET',
    path: PATH,
    summary: 'All webhooks, with when they were sent to last and why that failed.',
    permission: 'admin',
    answers: { 200: listAnswer('webhooks', threatStackWebhookSchema) },
    handle: async ({ services, principal }) => ({
      webhooks: (await services.webhooks.list(principal)).map(toWebhook),
      token: null,
    }),
  }),
  v2Route({
    method: 'POST',
    path: PATH,
    summary: 'Have new alerts sent to an address.',
    permission: 'admin',
    body: threatStackWebhookDraftSchema,
    answers: { 201: threatStackWebhookSchema },
    handle: async ({ services, principal }, { body }) =>
      toWebhook(await services.webhooks.create(principal, toDraft(body))),
  }),
  v2Route({
    method: 'GET',
    path: `${PATH}/:webhookId`,
    summary: 'One webhook.',
    permission: 'admin',
    answers: { 200: threatStackWebhookSchema },
    handle: async ({ services, principal }, { params }) =>
      toWebhook(await services.webhooks.get(principal, params.webhookId)),
  }),
  v2Route({
    method: 'PUT',
    path: `${PATH}/:webhookId`,
    summary: 'Change a webhook, and try what waits again.',
    permission: 'admin',
    body: threatStackWebhookDraftSchema,
    answers: { 200: threatStackWebhookSchema },
    handle: async ({ services, principal }, { params, body }) =>
      toWebhook(await services.webhooks.replace(principal, params.webhookId, toDraft(body))),
  }),
  v2Route({
    method: 'DELETE',
    path: `${PATH}/:webhookId`,
    summary: 'End a webhook.',
    permission: 'admin',
    answers: { 204: null },
    handle: async ({ services, principal }, { params }) => {
      await services.webhooks.delete(principal, params.webhookId)
    },
  }),
]

function toDraft({ url, enabled, severity }: z.output<typeof threatStackWebhookDraftSchema>): WebhookDraft {
  return { url, isEnabled: enabled, minSeverity: spanOfSeverity(severity).minSeverity }
}

function toWebhook(webhook: Webhook): ThreatStackWebhook {
  const { uid, url, isEnabled, minSeverity, createdAtMs, lastSentMs, problem } = webhook
  return {
    id: uid,
    url,
    enabled: isEnabled,
    severity: toSeverity(minSeverity),
    createdAt: toIso(createdAtMs),
    lastSentAt: lastSentMs === undefined ? null : toIso(lastSentMs),
    problem: problem ?? null,
  }
}
