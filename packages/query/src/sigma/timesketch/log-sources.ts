import type { LogSource } from '../rule/rule.ts'

/** What Timesketch asks beside a rule of a log source. A list of one is written in brackets, as a list. */
export interface SourceCondition {
  readonly field: string
  readonly value: string | number | readonly (string | number)[]
}

type Parts = Partial<Pick<LogSource, 'category' | 'product' | 'service'>>

interface KnownSource extends Parts {
  readonly conditions: readonly SourceCondition[]
}

const SHELLS = ['shell:zsh:history', 'bash:history:command', 'apt:history:line', 'selinux:line']
const AUDITING = 'Microsoft-Windows-Security-Auditing'
const EVENT_LOG = 'Microsoft-Windows-Eventlog'
const CERTIFICATES = 'CertificateServicesClient-Lifecycle-System'

function dataType(value: SourceCondition['value']): readonly SourceCondition[] {
  return [{ field: 'data_type', value }]
}

function sourceName(...value: readonly string[]): readonly SourceCondition[] {
  return [{ field: 'source_name', value }]
}

function sysmon(category: string, value: SourceCondition['value']): KnownSource {
  return { category, product: 'windows', conditions: [{ field: 'EventID', value }] }
}

/** In the order in which their conditions are written (Timesketch 20261014: data/sigma_config.yaml). */
const SOURCES: readonly KnownSource[] = [
  { category: 'file_event', product: 'linux', conditions: dataType('fs:stat') },
  { category: 'network_connection', product: 'linux', conditions: dataType([...SHELLS, 'syslog']) },
  { category: 'process_creation', product: 'linux', conditions: dataType(SHELLS) },
  { service: 'sshd', conditions: dataType('syslog/sshd') },
  { service: 'auth', conditions: dataType('syslog') },
  { product: 'apache', conditions: dataType('apache:access') },
  { service: 'vsftp', conditions: dataType('vsftpd:log') },
  { category: 'webserver', conditions: dataType(['apache:access', 'iis:log:line']) },
  { category: 'osx_santa', conditions: dataType(['filesystem:santa:entry']) },
  { service: 'shell', conditions: dataType(SHELLS) },
  { service: 'selinux', conditions: dataType(['selinux:line']) },
  { service: 'winprefetch', conditions: dataType('windows:prefetch:execution') },
  { product: 'windows', conditions: dataType('windows:evtx:record') },
  { service: CERTIFICATES.toLowerCase(), conditions: sourceName(`Microsoft-Windows-${CERTIFICATES}`) },
  { service: 'security', conditions: sourceName(AUDITING, EVENT_LOG) },
  { service: 'system', conditions: sourceName(EVENT_LOG) },
  { service: 'powershell', conditions: sourceName(AUDITING) },
  {
    service: 'filesystem',
    conditions: dataType(['fs:stat', 'fs:mactime:line', 'filesystem:santa:entry', 'fs:bodyfile:entry']),
  },
  { service: 'sysmon', conditions: sourceName('Microsoft-Windows-Sysmon') },
  { service: 'syslog', conditions: dataType('syslog:line') },
  { service: 'gcp.audit', conditions: [{ field: 'query', value: ['cloudaudit.googleapis.com'] }] },
  { service: 'ssh', conditions: dataType(['syslog:ssh:login', 'syslog:line']) },
  {
    category: 'process_creation',
    product: 'windows',
    conditions: [
      { field: 'EventID', value: [1, 4688] },
      ...sourceName('Microsoft-Windows-Sysmon', AUDITING, EVENT_LOG),
    ],
  },
  sysmon('network_connection', 3),
  sysmon('process_termination', 5),
  sysmon('driver_load', 6),
  sysmon('image_load', 7),
  sysmon('create_remote_thread', 8),
  sysmon('raw_access_thread', 9),
  sysmon('process_access', 10),
  sysmon('file_event', 11),
  sysmon('registry_event', [12, 13, 14]),
  sysmon('create_stream_hash', 15),
  sysmon('pipe_created', [17, 18]),
  sysmon('wmi_event', [19, 20, 21]),
  sysmon('dns_query', 22),
  sysmon('file_delete', 23),
]

/** What is asked beside a rule: the conditions of every known source that the rule's is part of. */
export function listSourceConditions(source: Parts): readonly SourceCondition[] {
  return SOURCES.filter(
    (known) =>
      (known.category === undefined || known.category === source.category) &&
      (known.product === undefined || known.product === source.product) &&
      (known.service === undefined || known.service === source.service),
  ).flatMap((known) => known.conditions)
}
