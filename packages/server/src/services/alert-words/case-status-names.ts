import type { CaseStatus } from '../cases/case-service.ts'

/** Statuses of cases in the words of Sekoia.io, which SOL has too. */
export const CASE_STATUS_NAMES: Readonly<Record<CaseStatus, string>> = {
  open: 'opened',
  acknowledged: 'acknowledged',
  'in-progress': 'in progress',
  closed: 'closed',
  rejected: 'rejected',
}
