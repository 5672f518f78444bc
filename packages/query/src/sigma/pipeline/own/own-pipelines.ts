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
