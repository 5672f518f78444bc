import type { ThreatStackDismissReason } from '@timeskein/model/threatstack'
import type { Alert } from '../../../services/alerts/alert-service.ts'
import { type FindingStatus, isEnded, type Resolution } from '../../../services/findings/finding.ts'

/** What is active here. */
export const ACTIVE: readonly FindingStatus[] = [
  'open',
  'acknowledged',
  'in-progress',
  'monitoring',
  'waiting',
]
/** What is dismissed here. */
export const DISMISSED: readonly FindingStatus[] = ['closed', 'rejected']

/** What reasons are among our resolutions. */
export const RESOLUTION_OF: Readonly<Record<ThreatStackDismissReason, Resolution>> = {
  BUSINESS_OP: 'business-operation',
  COMPANY_POLICY: 'company-policy',
  MAINTENANCE: 'maintenance',
  OTHER: 'other',
}

/** Why an alert is dismissed, in words of the platform; resolutions that it does not have are OTHER, with what they are as the text. */
export function readDismissal({ status, resolution, reason }: Alert): {
  readonly dismissReason: ThreatStackDismissReason | null
  readonly dismissReasonText: string | null
} {
  if (!isEnded(status)) return { dismissReason: null, dismissReasonText: null }
  const known = (Object.keys(RESOLUTION_OF) as ThreatStackDismissReason[]).find(
    (one) => RESOLUTION_OF[one] === resolution,
  )
  if (known !== undefined && known !== 'OTHER')
    return { dismissReason: known, dismissReasonText: reason || null }
  return { dismissReason: 'OTHER', dismissReasonText: reason || resolution || status }
}
