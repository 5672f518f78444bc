import type { SekoiaAlertStatus } from '@timeskein/model/sekoia'
import type { FindingStatus } from '../findings/finding.ts'

/** Statuses of ours in the words of Sekoia.io, which SOL has too. */
export const STATUS_NAMES: Readonly<Record<FindingStatus, SekoiaAlertStatus>> = {
  open: 'Pending',
  acknowledged: 'Acknowledged',
  'in-progress': 'Ongoing',
  monitoring: 'Ongoing',
  waiting: 'Ongoing',
  closed: 'Closed',
  rejected: 'Rejected',
}
