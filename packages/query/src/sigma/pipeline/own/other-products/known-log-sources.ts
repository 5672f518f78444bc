/** Log sources of rules, by what names them. */
export interface LogSources {
  readonly product?: readonly string[]
  readonly category?: readonly string[]
  readonly service?: readonly string[]
}

/**
 * Log sources with events of their own. One that stands in no list, as a product that somebody made up, may be anywhere, and so may
 * categories of several systems (process_creation). Rules of Windows ask for its channels by themselves.
 */
export const KNOWN_LOG_SOURCES: LogSources = {
  product: [
    ...['linux', 'macos', 'unix', 'freebsd', 'esxi', 'vmware', 'android', 'ios'],
    ...['aws', 'azure', 'gcp', 'm365', 'okta', 'onelogin', 'github', 'gitlab', 'bitbucket', 'kubernetes'],
    ...['google_workspace', 'cloudflare', 'salesforce', 'slack', 'snowflake', 'alibaba', 'oracle_cloud'],
    ...['zeek', 'suricata', 'snort', 'cisco', 'juniper', 'huawei', 'fortios', 'fortigate', 'fortinet'],
    ...['paloalto', 'checkpoint', 'sonicwall', 'pfsense', 'mikrotik', 'arista', 'f5', 'citrix', 'zscaler'],
    ...['bluecoat', 'squid', 'apache', 'nginx', 'modsecurity', 'dns', 'qualys', 'opencanary'],
    ...['django', 'jvm', 'nodejs', 'python', 'ruby_on_rails', 'spring', 'sql', 'velocity'],
  ],
  category: [
    ...['proxy', 'webserver', 'firewall', 'dns', 'antivirus', 'database', 'application', 'appliance'],
  ],
  service: [
    ...['apache', 'nginx', 'squid', 'auditd', 'syslog', 'cron', 'sudo', 'sshd', 'clamav', 'vsftpd'],
    ...['guacamole'],
  ],
}
