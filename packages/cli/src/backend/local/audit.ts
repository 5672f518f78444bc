import { readAudit } from '@timeskein/server'
import type { AuditCalls } from '../backend.ts'
import { readAuditPages } from '../read-audit-pages.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** The audit log of a data directory. */
export function createAuditCalls({ services, principal }: LocalPlace): AuditCalls {
  return {
    listAudit: (filter, limit) =>
      readAuditPages(limit, (page) =>
        readAudit(services.audit, principal, { ...filter, ...page }, Date.now()),
      ),
  }
}
