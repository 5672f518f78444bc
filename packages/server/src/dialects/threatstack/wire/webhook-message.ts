import { toShortUid } from '../../../services/row-uid.ts'
import type { WriteWebhookMessage } from '../../../services/webhooks/webhook-message.ts'
import { toSeverity } from './severity.ts'

/** As version 1 sends it: the vendor's public pollers and documentation have these names, the odd capital too. */
export const writeWebhookMessage: WriteWebhookMessage = (alerts, { uid, name }) => ({
  alerts: alerts.map((alert) => ({
    id: toShortUid(alert.uid),
    title: alert.title,
    created_at: alert.createdAtMs,
    severity: toSeverity(alert.severity),
    organization_id: toShortUid(uid),
    organization_Name: name,
    server_or_region: alert.host ?? '',
    source: 'Host',
  })),
})
