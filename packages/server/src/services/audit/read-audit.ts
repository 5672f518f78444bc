import { type ApiAuditFilter, type ApiAuditPage, MAX_AUDIT_ENTRIES } from '@timeskein/model'
import { resolveDate } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { invalid } from '../../errors/domain-error.ts'
import { toApiAuditEntry } from '../api-rows.ts'
import type { AuditService } from './audit-service.ts'

/**
 * One page of the audit log as people ask for it, newest first.
 *
 * @throws {DomainError} `forbidden` (`not-an-admin`), `invalid` (`bad-time`).
 */
export async function readAudit(
  audit: AuditService,
  principal: Principal,
  filter: ApiAuditFilter,
  nowMs: number,
): Promise<ApiAuditPage> {
  const { user, action, sketch, from, to, before } = filter
  const limit = Math.min(filter.limit ?? 100, MAX_AUDIT_ENTRIES)
  const entries = await audit.list(principal, {
    ...(user === undefined ? {} : { username: user }),
    ...(action === undefined ? {} : { action }),
    ...(sketch === undefined ? {} : { sketchId: sketch }),
    ...(from === undefined ? {} : { fromMs: readTime('from', from, false, nowMs) }),
    ...(to === undefined ? {} : { toMs: readTime('to', to, true, nowMs) }),
    ...(before === undefined ? {} : { beforeId: before }),
    limit,
  })
  const last = entries.length < limit ? undefined : entries.at(-1)
  return { entries: entries.map(toApiAuditEntry), ...(last ? { next: last.id } : {}) }
}

function readTime(parameter: string, text: string, roundUp: boolean, nowMs: number): number {
  const date = resolveDate(text, { roundUp, nowUs: BigInt(nowMs) * 1000n })
  if (date) return Math.floor(Number(date.us) / 1000)
  throw invalid(
    'bad-time',
    `${parameter}: a date, a date with time, or date maths such as now-7d was expected, found ${JSON.stringify(text.slice(0, 100))}.`,
    { parameter },
  )
}
