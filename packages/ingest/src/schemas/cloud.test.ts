import { expect, it } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'

const cases: readonly (readonly [string, object, string, Readonly<Record<string, string>>])[] = [
  [
    'CloudTrail',
    {
      eventTime: '2024-03-01T10:00:00Z',
      eventName: 'ConsoleLogin',
      eventSource: 's',
      awsRegion: 'r',
      sourceIPAddress: '192.0.2.1',
      userIdentity: { arn: 'a', userName: 'u' },
    },
    'aws:cloudtrail:entry',
    { event_name: 'eventName', source_ip: 'sourceIPAddress', username: 'userIdentity.userName' },
  ],
  [
    'look-ups of CloudTrail',
    { EventTime: '2024-03-01T10:00:00Z', EventName: 'x', EventSource: 's', EventId: '1', Username: 'u' },
    'aws:cloudtrail:entry',
    { event_name: 'EventName', username: 'Username' },
  ],
  [
    'Microsoft 365',
    {
      CreationTime: '2024-03-01T10:00:00',
      Operation: 'UserLoggedIn',
      Workload: 'W',
      UserId: 'u',
      ClientIP: 'c',
    },
    'microsoft365:audit_log:entry',
    { operation_name: 'Operation', user_identifier: 'UserId', client_ip: 'ClientIP' },
  ],
  [
    'Azure activities',
    {
      eventTimestamp: '2024-03-01T10:00:00Z',
      operationName: { value: 'x/write' },
      subscriptionId: 's',
      caller: 'c',
    },
    'azure:activitylog:entry',
    { operation_name: 'operationName.value', subscription_identifier: 'subscriptionId' },
  ],
  [
    'Google Cloud',
    {
      timestamp: '2024-03-01T10:00:00Z',
      logName: 'l',
      insertId: 'i',
      protoPayload: { methodName: 'm', authenticationInfo: { principalEmail: 'e' } },
    },
    'gcp:log:entry',
    {
      method_name: 'protoPayload.methodName',
      principal_email: 'protoPayload.authenticationInfo.principalEmail',
    },
  ],
  [
    'Okta',
    {
      published: '2024-03-01T10:00:00Z',
      eventType: 'user.session.start',
      uuid: 'u',
      displayMessage: 'd',
      actor: { alternateId: 'a' },
    },
    'okta:system_log:entry',
    { username: 'actor.alternateId' },
  ],
  [
    'Docker',
    { log: 'text\n', stream: 'stdout', time: '2024-03-01T10:00:00.123456789Z' },
    'docker:container:log:entry',
    { message_body: 'log', log_source: 'stream' },
  ],
  [
    'audits of Kubernetes',
    {
      auditID: 'a',
      verb: 'get',
      requestReceivedTimestamp: '2024-03-01T10:00:00.1Z',
      requestURI: '/api',
      user: { username: 'u' },
    },
    'kubernetes:audit:entry',
    { username: 'user.username', message: 'requestURI' },
  ],
]

it.each(cases)(
  'knows %s by its fields, with the names that Plaso has',
  async (_name, record, dataType, aliases) => {
    const { mapping, account } = await readLog(`${JSON.stringify(record)}\n`)
    expect(account).toMatchObject({ read: 1, rejected: 0 })
    expect(mapping.profile.constants['data_type']).toBe(dataType)
    expect(mapping.profile.aliases).toMatchObject(aliases)
  },
)
