import type { ApiMarkReport } from '@timeskein/model'
import type { MarkReport } from './backend.ts'

/** What an act of marking did, as commands print it. */
export function toMarkReport(report: ApiMarkReport): MarkReport {
  return {
    operation_id: report.operationId,
    matched: report.matched,
    changed: report.changed,
    unknown_ids: report.unknownIds,
  }
}
