import { SEKOIA_ALERT_STATUSES, type SekoiaAlertStatus } from '@timeskein/model/sekoia'
import { STATUS_NAMES } from '../../../services/alert-words/alert-status-names.ts'
import type { FindingStatus } from '../../../services/findings/finding.ts'

/** What each of the API's statuses makes of an alert. */
export const FINDING_STATUS: Readonly<Record<SekoiaAlertStatus, FindingStatus>> = {
  Pending: 'open',
  Acknowledged: 'acknowledged',
  Ongoing: 'in-progress',
  Closed: 'closed',
  Rejected: 'rejected',
}

/** What a status means, for people. */
export const STATUS_DESCRIPTIONS: Readonly<Record<SekoiaAlertStatus, string>> = {
  Pending: 'Nobody has looked at the alert yet',
  Acknowledged: 'Somebody has seen the alert',
  Ongoing: 'Somebody is at work on the alert',
  Rejected: 'The alert was none',
  Closed: 'The work on the alert is done',
}

/** All of our statuses that the API calls by one of these names or ids. */
export function findStatuses(values: readonly string[]): readonly FindingStatus[] {
  return (Object.keys(STATUS_NAMES) as FindingStatus[]).filter((status) => {
    const name = STATUS_NAMES[status]
    return values.includes(name) || values.includes(SEKOIA_ALERT_STATUSES[name])
  })
}

/** Names of urgencies, each with the smallest it stands for. */
const URGENCIES = [
  ['Low', 0],
  ['Moderate', 20],
  ['High', 40],
  ['Major', 60],
  ['Urgent', 80],
] as const

/** The name of an urgency of 0 to 100. */
export function nameUrgency(value: number): string {
  return URGENCIES.findLast(([, least]) => value >= least)![0]
}

/** The urgencies that are called by these names, both ends included. */
export function findUrgencies(
  names: readonly string[],
): readonly { readonly from: number; readonly to: number }[] {
  return URGENCIES.flatMap(([name, from], at) =>
    names.includes(name) ? [{ from, to: (URGENCIES[at + 1]?.[1] ?? 101) - 1 }] : [],
  )
}
