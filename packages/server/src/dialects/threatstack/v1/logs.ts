import {
  type ThreatStackLog,
  threatStackLogSchema,
  threatStackPageQuerySchema,
} from '@timeskein/model/threatstack'
import { z } from 'zod'
import type { AuditEntry } from '../../../services/audit/audit-service.ts'
import { makeRowUid, toShortUid } from '../../../services/row-uid.ts'
import type { PlatformRoute } from '../../platform/platform-route.ts'
import { describeAct } from '../wire/acts.ts'
import { pickFields } from '../wire/fields.ts'
import { readSpan } from '../wire/times.ts'
import { lastWeek, partly, readPage, v1Route } from './v1-route.ts'

/** What people did. */
export const logRoutes: readonly PlatformRoute[] = [
  v1Route('/logs', {
    summary: 'What was done, newest first: everything for administrators, their own acts for others.',
    query: threatStackPageQuerySchema.extend({ q: z.string().optional() }),
    answer: z.array(partly(threatStackLogSchema)),
    handle: async ({ services, principal, organisation }, { query }) => {
      const { startMs, endMs } = readSpan(query, lastWeek(Date.now()))
      const entries = await services.audit.listVisible(principal, {
        fromMs: startMs,
        toMs: endMs,
        ...readPage(query),
        ...(query.q ? { text: query.q } : {}),
      })
      return entries.map((entry) => pickFields(toLog(entry, toShortUid(organisation.uid)), query.fields))
    },
  }),
]

function toLog(entry: AuditEntry, organisationId: string): ThreatStackLog {
  const { type, action } = describeAct(entry)
  return {
    timestamp: entry.atMs,
    user: entry.username,
    user_id: entry.userId === undefined ? null : toShortUid(makeRowUid('user', entry.userId)),
    organization_id: organisationId,
    type,
    action,
    source: entry.action.replace('.', ':'),
    description: `${entry.action} ${entry.subject}${entry.result === 'ok' ? '' : ` (${entry.result})`}`,
    context: [{ id: entry.subject, type, ...entry.details }],
  }
}
