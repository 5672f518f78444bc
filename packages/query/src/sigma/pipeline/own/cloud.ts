/** One log source of a cloud, with how its events are known and its fields named. */
interface CloudSource {
  readonly name: string
  readonly product: string
  readonly service?: string
  readonly conditions?: Readonly<Record<string, readonly string[]>>
  readonly mapping?: Readonly<Record<string, readonly string[]>>
}

function writePipeline(name: string, sources: readonly CloudSource[]): string {
  const steps = sources.flatMap((source) => {
    const where = `
    rule_conditions:
      - type: logsource
        product: ${source.product}${source.service === undefined ? '' : `\n        service: ${source.service}`}`
    const lists = (members: Readonly<Record<string, readonly string[]>>): string =>
      Object.entries(members)
        .map(([key, values]) => `\n      ${key}: [${values.map((value) => `'${value}'`).join(', ')}]`)
        .join('')
    const steps: string[] = []
    if (source.conditions)
      steps.push(`
  - id: ${source.name}
    type: add_condition
    conditions:${lists(source.conditions)}${where}`)
    if (source.mapping)
      steps.push(`
  - id: ${source.name}_fields
    type: field_name_mapping
    mapping:${lists(source.mapping)}${where}`)
    return steps
  })
  return `
name: ${name}
priority: 10
transformations:${steps.join('')}
`
}

/** AWS CloudTrail records as they are delivered (event version 1.x). */
export const CLOUDTRAIL: string = writePipeline('CloudTrail', [
  {
    name: 'cloudtrail',
    product: 'aws',
    service: 'cloudtrail',
    conditions: { 'eventSource|endswith': ['.amazonaws.com'] },
  },
])

/** Azure Monitor's tables: activity, sign-in, audit, risk. */
export const AZURE: string = writePipeline('Azure', [
  {
    name: 'activitylogs',
    product: 'azure',
    service: 'activitylogs',
    mapping: {
      'properties.message': [
        'properties.message',
        'operationName.value',
        'operationName',
        'OperationNameValue',
      ],
      ResourceProviderValue: ['ResourceProviderValue', 'resourceProviderName.value'],
    },
  },
  {
    name: 'signinlogs',
    product: 'azure',
    service: 'signinlogs',
    mapping: {
      ResultType: ['ResultType', 'resultType', 'properties.status.errorCode'],
      ResultDescription: ['ResultDescription', 'resultDescription', 'properties.status.failureReason'],
      AuthenticationRequirement: ['AuthenticationRequirement', 'properties.authenticationRequirement'],
      'DeviceDetail.trusttype': ['DeviceDetail.trusttype', 'properties.deviceDetail.trustType'],
    },
  },
  {
    name: 'auditlogs',
    product: 'azure',
    service: 'auditlogs',
    mapping: {
      'properties.message': [
        'properties.message',
        'operationName',
        'OperationName',
        'properties.activityDisplayName',
      ],
      ActivityDisplayName: ['ActivityDisplayName', 'properties.activityDisplayName', 'operationName'],
      OperationName: ['OperationName', 'operationName'],
    },
  },
  {
    name: 'riskdetection',
    product: 'azure',
    service: 'riskdetection',
    mapping: { riskEventType: ['riskEventType', 'properties.riskEventType', 'RiskEventType'] },
  },
])

/** Records of the Microsoft 365 unified audit log (Office 365 Management Activity API schema). */
export const M365: string = writePipeline('Microsoft 365', [
  {
    name: 'audit',
    product: 'm365',
    mapping: {
      eventSource: ['eventSource', 'Workload', 'Source'],
      eventName: ['eventName', 'Operation', 'Name'],
      status: ['status', 'Status', 'ResultStatus'],
    },
  },
])

/** Okta's System Log as its API returns it. */
export const OKTA: string = writePipeline('Okta', [
  {
    name: 'okta',
    product: 'okta',
    service: 'okta',
    mapping: {
      eventType: ['eventType', 'eventtype'],
      displayMessage: ['displayMessage', 'displaymessage'],
      'actor.alternateId': ['actor.alternateId', 'actor.alternateid'],
    },
  },
])

/** Google Cloud audit logs (`LogEntry` with `protoPayload`) and Google Workspace's reports. */
export const GCP: string = writePipeline('Google Cloud', [
  {
    name: 'audit',
    product: 'gcp',
    service: 'gcp.audit',
    mapping: {
      'gcp.audit.method_name': ['gcp.audit.method_name', 'protoPayload.methodName'],
      'gcp.audit.service_name': ['gcp.audit.service_name', 'protoPayload.serviceName'],
    },
  },
  {
    name: 'workspace_admin',
    product: 'gcp',
    service: 'google_workspace.admin',
    mapping: {
      eventService: ['eventService', 'protoPayload.serviceName', 'id.applicationName'],
      eventName: ['eventName', 'protoPayload.metadata.event.eventName', 'events.name'],
    },
  },
])
