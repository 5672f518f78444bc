/** Where somebody is with an alert: ids that are the same in every community. */
export const SEKOIA_ALERT_STATUSES = {
  Pending: '2efc4930-1442-4abb-acf2-58ba219a4fd0',
  Acknowledged: '8f206505-af6d-433e-93f4-775d46dc7d0f',
  Ongoing: '1f2f88d5-ff5b-48bf-bbbc-00c2fff82d9f',
  Rejected: '4f68da89-38e0-4703-a6ab-652f02bdf24e',
  Closed: '1738b1c1-767d-489e-bada-19176621a007',
} as const
/** Name of a status. */
export type SekoiaAlertStatus = keyof typeof SEKOIA_ALERT_STATUSES

/** What changes an alert's status: ids that are the same in every community, and the status after it. */
export const SEKOIA_ALERT_ACTIONS = {
  Acknowledge: { id: '937bdabf-6a08-434b-b6d3-d7447e4e452a', status: 'Acknowledged' },
  Validate: { id: 'c39a0a95-aa2c-4d0d-8d2e-d3decf426eea', status: 'Ongoing' },
  Reject: { id: 'ade85d7b-7507-4026-bfc6-cc006d10ddac', status: 'Rejected' },
  Close: { id: '1390be4e-ced8-4dd6-9bed-573471b235ab', status: 'Closed' },
} as const satisfies Readonly<Record<string, { id: string; status: SekoiaAlertStatus }>>
/** Name of an action. */
export type SekoiaAlertAction = keyof typeof SEKOIA_ALERT_ACTIONS
