import type { AuditCalls } from '../backend.ts'
import { readAuditPages } from '../read-audit-pages.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** The audit log of a server. */
export function createAuditCalls({ client, options }: RemotePlace): AuditCalls {
  return {
    listAudit: (filter, limit) =>
      readAuditPages(limit, (page) => client.readAudit({ ...options, ...filter, ...page })),
  }
}
