import { ANTIVIRUS } from './antivirus.ts'
import { AZURE, CLOUDTRAIL, GCP, M365, OKTA } from './cloud.ts'
import { ECS, WINLOGBEAT } from './elastic.ts'
import { OTHER_PRODUCTS } from './other-products/other-products.ts'
import { PLASO, TIMESKETCH } from './plaso.ts'
import { AUDITD, MACOS, PROXY, WEBSERVER } from './unix-and-web.ts'
import { POWERSHELL, SYSMON, WINDOWS_SECURITY } from './windows.ts'

/**
 * Our own pipelines by name, as YAML. Those of priority 10 say which events a log source is, those of 20 how a store names fields, that
 * of 30 which events are evidently of another product.
 */
export const OWN_PIPELINES: ReadonlyMap<string, string> = new Map([
  ['sysmon', SYSMON],
  ['windows-security', WINDOWS_SECURITY],
  ['powershell', POWERSHELL],
  ['ecs', ECS],
  ['winlogbeat', WINLOGBEAT],
  ['plaso', PLASO],
  ['timesketch', TIMESKETCH],
  ['cloudtrail', CLOUDTRAIL],
  ['azure', AZURE],
  ['m365', M365],
  ['okta', OKTA],
  ['gcp', GCP],
  ['auditd', AUDITD],
  ['macos', MACOS],
  ['proxy', PROXY],
  ['webserver', WEBSERVER],
  ['antivirus', ANTIVIRUS],
  ['other-products', OTHER_PRODUCTS],
])

/** What log sources other than Windows need. Each touches rules of its own only, so that all can stand together. */
const OTHERS = [
  'cloudtrail',
  'azure',
  'm365',
  'okta',
  'gcp',
  'auditd',
  'macos',
  'proxy',
  'antivirus',
  'webserver',
] as const

/**
 * Chooses pipelines by the fields that a timeline has. Events of one category may come from several sources (a process from Sysmon and
 * from Windows' auditing), so that there may be several chains: an event is a hit of a rule when it is one by any of them.
 *
 * @returns Chains of names of `OWN_PIPELINES`; never empty.
 */
export function choosePipelines(fields: ReadonlySet<string>): readonly (readonly string[])[] {
  const naming = chooseNaming(fields)
  const has = (...names: readonly string[]): boolean => names.some((name) => fields.has(name))
  const hasAudit = has(
    'NewProcessName',
    'winlog.event_data.NewProcessName',
    'process.executable',
    'xml_string',
  )
  const hasSysmon =
    !has('EventID', 'event_identifier', 'event.code', 'winlog.event_id') ||
    has('Image', 'winlog.event_data.Image', 'process.executable', 'xml_string', 'ImageLoaded', 'TargetObject')
  const sources = [...(hasSysmon || !hasAudit ? ['sysmon'] : []), ...(hasAudit ? ['windows-security'] : [])]
  return sources.map((source) => [source, 'other-products', ...OTHERS, ...naming])
}

function chooseNaming(fields: ReadonlySet<string>): readonly string[] {
  if (fields.has('xml_string') && fields.has('event_identifier')) return ['plaso']
  if (fields.has('process.executable') || fields.has('event.code')) return ['ecs']
  if (fields.has('winlog.event_id') || fields.has('winlog.channel')) return ['winlogbeat']
  return fields.has('EventID') && fields.has('Channel') ? [] : ['timesketch']
}
