import { auditAnswerSchema, auditParametersSchema } from '@timeskein/model'
import { readAudit } from '../../../services/audit/read-audit.ts'
import { type Route, userRoute } from '../route.ts'

/** The audit log. */
export const auditRoutes: readonly Route[] = [
  userRoute('admin', {
    method: 'GET',
    path: '/audit',
    summary: 'Who did, asked and took out what, newest first.',
    query: auditParametersSchema,
    answer: auditAnswerSchema,
    handle: async (call, { query }) =>
      await readAudit(call.services.audit, call.principal, query, Date.now()),
  }),
]
