/** A product whose events can be told from all others'. */
interface EvidentProduct {
  /** Products of rules that are for such events. */
  readonly own: readonly string[]
  /** What such an event has, each way that it is written: conditions of a pipeline. */
  readonly signs: readonly string[]
}

const EVIDENT: Readonly<Record<string, EvidentProduct>> = {
  /** Records of Windows' event log, which that of RPC Firewall is one of, and artefacts of Windows. */
  windows: {
    own: ['windows', 'rpc_firewall'],
    signs: [
      // Sysmon for Linux writes the same records.
      '{Channel|exists: true, EventID|exists: true, Channel|startswith|neq: Linux-Sysmon}',
      '{channel|exists: true, event_identifier|exists: true, channel|startswith|neq: Linux-Sysmon}',
      '{log_name|exists: true, event_identifier|exists: true, log_name|startswith|neq: Linux-Sysmon}',
      '{log_name|exists: true, event_id|exists: true, log_name|startswith|neq: Linux-Sysmon}',
      '{winlog.channel|exists: true, winlog.channel|startswith|neq: Linux-Sysmon}',
      "{data_type|startswith: 'windows:'}",
      '{source: EVTX}',
      // Said by an import of records without a channel, too.
      '{source_short: EVTX, Channel|startswith|neq: Linux-Sysmon, winlog.channel|startswith|neq: Linux-Sysmon}',
    ],
  },
  /** Records of CloudTrail. */
  aws: {
    own: ['aws'],
    signs: ['{eventSource|endswith: .amazonaws.com, eventVersion|exists: true}'],
  },
}

/**
 * Log sources with events of their own. One that stands in no list, as a product that somebody made up, may be anywhere, and so may
 * categories of several systems (process_creation).
 */
const KNOWN = {
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
} as const

/** Conditions of a pipeline by name, and an expression that holds when one of them does. */
function writeAny(prefix: string, member: string, values: readonly string[]): readonly [string, string] {
  const names = values.map((_, number) => `${prefix}${member}${number}`)
  const conditions = values.map(
    (value, number) => `\n      ${names[number]}: {type: logsource, ${member}: ${value}}`,
  )
  return [conditions.join(''), names.join(' or ')]
}

const known = Object.entries(KNOWN).map(([member, values]) => writeAny('known_', member, values))

function writeStep(name: string, { own, signs }: EvidentProduct): string {
  const [ownConditions, isOwn] = writeAny('own_', 'product', own)
  return `
  - id: not_of_${name}
    type: nest
    items:${signs.map((sign) => `\n      - {type: add_condition, negated: true, conditions: ${sign}}`).join('')}
    rule_cond_expr: (${known.map(([, isOne]) => isOne).join(' or ')}) and not (${isOwn})
    rule_conditions:${known.map(([conditions]) => conditions).join('')}${ownConditions}`
}

/**
 * Keeps rules of other products from events that are evidently of one. Most log sources have no sign that all of their events have: a
 * rule that asks little, as Zeek's for any connection to a remote desktop, would find every event of a timeline. Applied when stores
 * have named their fields: signs are asked as they are written.
 */
export const OTHER_PRODUCTS: string = `
name: Other products
priority: 30
transformations:${Object.entries(EVIDENT)
  .map(([name, product]) => writeStep(name, product))
  .join('')}
`
