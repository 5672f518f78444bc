import type { ApiAlert } from '@timeskein/model'

/** Where somebody is with an alert or incident. */
export const STATUSES: readonly ApiAlert['status'][] = [
  'open',
  'acknowledged',
  'in-progress',
  'monitoring',
  'waiting',
  'closed',
  'rejected',
]

/** What an alert or incident turned out to be. */
export const RESOLUTIONS: readonly NonNullable<ApiAlert['resolution']>[] = [
  'unconfirmed',
  'confirmed',
  'false-positive',
  'accepted-risk',
  'accepted-behaviour',
  'business-operation',
  'company-policy',
  'maintenance',
  'security-test',
  'inconclusive',
  'merged',
  'other',
]
