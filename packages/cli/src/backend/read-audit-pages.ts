import { type ApiAuditPage, MAX_AUDIT_ENTRIES } from '@timeskein/model'
import type { AuditRow } from './backend.ts'

/** Reads the audit log page by page until there are as many entries as wanted, or no more. */
export async function readAuditPages(
  limit: number,
  readPage: (page: { limit: number; before: number | undefined }) => Promise<ApiAuditPage>,
): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = []
  let before: number | undefined
  while (rows.length < limit) {
    const page = await readPage({ limit: Math.min(MAX_AUDIT_ENTRIES, limit - rows.length), before })
    rows.push(...page.entries)
    before = page.next
    if (before === undefined) break
  }
  return rows
}
