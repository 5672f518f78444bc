import { type Schema, timeField } from './schema.ts'

/** Logs of containers and what runs them, as JSON: Docker's `json-file` driver, and the audit log of Kubernetes (`audit.k8s.io`). */
export const CONTAINER_SCHEMAS: readonly Schema[] = [
  {
    name: 'docker',
    title: "container's log of Docker",
    required: ['log', 'stream', 'time'],
    times: [timeField('time', 'Content Modification Time')],
    message: ['log'],
    aliases: { message_body: ['log'], log_source: ['stream'] },
    constants: {
      data_type: 'docker:container:log:entry',
      source_short: 'DOCKER',
      source_long: 'Docker Container Log',
    },
  },
  {
    name: 'kubernetes-audit',
    title: 'audit log of Kubernetes',
    required: ['auditID', 'verb', ['requestReceivedTimestamp', 'stageTimestamp']],
    times: [
      timeField('requestReceivedTimestamp', 'Request Received'),
      timeField('stageTimestamp', 'Event Logged'),
    ],
    moreTimes: [timeField('stageTimestamp', 'Event Logged')],
    message: ['requestURI', 'verb'],
    aliases: {
      username: ['user.username'],
      source_ip: ['sourceIPs'],
      http_status: ['responseStatus.code'],
      user_agent: ['userAgent'],
    },
    constants: {
      data_type: 'kubernetes:audit:entry',
      source_short: 'LOG',
      source_long: 'Kubernetes Audit Log',
    },
  },
]
