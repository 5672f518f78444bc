import { type Schema, timeField } from './schema.ts'

const LOGGED = 'Event Logged'

/**
 * Audit logs of cloud services: AWS CloudTrail records, Okta System Log, Microsoft 365 unified audit log (Purview's CSV
 * and the Management Activity API's JSON; its times are UTC without saying so), Entra ID sign-ins, and Google Cloud.
 */
export const CLOUD_SCHEMAS: readonly Schema[] = [
  {
    name: 'cloudtrail',
    title: 'AWS CloudTrail',
    required: ['eventName', 'eventSource', 'awsRegion'],
    times: [timeField('eventTime', LOGGED), timeField('@timestamp', LOGGED)],
    message: ['eventName'],
    constants: { data_type: 'aws:cloudtrail:entry', source_short: 'LOG', source_long: 'AWS CloudTrail' },
  },
  {
    name: 'okta',
    title: 'Okta System Log',
    required: ['published', 'eventType', ['displayMessage', 'uuid', 'actor.id']],
    times: [timeField('published', LOGGED)],
    message: ['displayMessage', 'eventType'],
    constants: { source_short: 'LOG', source_long: 'Okta' },
  },
  {
    name: 'm365-csv',
    title: 'Microsoft 365 unified audit log',
    required: ['AuditData', ['CreationDate', 'CreationTime']],
    times: [timeField('CreationDate', LOGGED), timeField('CreationTime', LOGGED)],
    message: ['Operations', 'Operation'],
    constants: { source_short: 'LOG', source_long: 'Microsoft 365' },
  },
  {
    name: 'm365-json',
    title: 'Microsoft 365 unified audit log',
    required: ['CreationTime', 'Operation', ['Workload', 'RecordType', 'OrganizationId']],
    times: [timeField('CreationTime', LOGGED)],
    message: ['Operation'],
    constants: { source_short: 'LOG', source_long: 'Microsoft 365' },
  },
  {
    name: 'entra-sign-in',
    title: 'Entra ID sign-ins',
    required: [
      ['createdDateTime', 'Date (UTC)'],
      ['userPrincipalName', 'User principal name', 'Username'],
      ['appDisplayName', 'Application'],
    ],
    times: [timeField('createdDateTime', LOGGED), timeField('Date (UTC)', LOGGED)],
    message: ['appDisplayName', 'Application'],
    constants: { source_short: 'LOG', source_long: 'Entra ID' },
  },
  {
    name: 'google-cloud',
    title: 'Google Cloud audit log',
    required: ['timestamp', 'logName', ['insertId', 'protoPayload.methodName']],
    times: [timeField('timestamp', LOGGED)],
    moreTimes: [timeField('receiveTimestamp', 'Event Received')],
    message: ['protoPayload.methodName', 'textPayload', 'jsonPayload.message'],
    constants: { source_short: 'LOG', source_long: 'Google Cloud' },
  },
]
