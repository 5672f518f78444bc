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

/** Whether one of some fields is there. */
type HasField = (...names: readonly string[]) => boolean

/** One way in which stores name the fields of events. */
interface Naming {
  /** Of `OWN_PIPELINES`; none for names as rules write them. */
  readonly pipelines: readonly string[]
  readonly isThere: (has: HasField) => boolean
  /** What processes have whose events are those of Windows' own auditing. */
  readonly audit: readonly string[]
  /** What events of Sysmon have. */
  readonly sysmon: readonly string[]
}

const AUDIT = 'NewProcessName'
const SYSMON = ['Image', 'ImageLoaded', 'TargetObject'] as const

const STORES: readonly Naming[] = [
  {
    pipelines: ['plaso'],
    isThere: (has) => has('xml_string') && has('event_identifier'),
    audit: ['xml_string'],
    sysmon: ['xml_string'],
  },
  {
    pipelines: ['ecs'],
    isThere: (has) => has('process.executable', 'event.code'),
    audit: ['process.executable'],
    sysmon: ['process.executable'],
  },
  {
    pipelines: ['winlogbeat'],
    isThere: (has) => has('winlog.event_id', 'winlog.channel'),
    audit: [`winlog.event_data.${AUDIT}`],
    sysmon: SYSMON.map((name) => `winlog.event_data.${name}`),
  },
]
const AS_RULES: Naming = {
  pipelines: [],
  isThere: (has) => has('EventID') && has('Channel'),
  audit: [AUDIT],
  sysmon: SYSMON,
}
/** Its names hold those of `AS_RULES` too. */
const AS_IMPORTERS: Naming = {
  pipelines: ['timesketch'],
  isThere: (has) =>
    has('channel', 'log_name', 'process_path', 'exe', 'command_line', 'username', 'filename', 'file_path') ||
    has('src_ip', 'source_ip', 'dst_ip', 'dest_ip'),
  audit: [AUDIT],
  sysmon: SYSMON,
}

/**
 * Chooses pipelines by the fields that some timelines have. Events of one category may come from several sources (a process from Sysmon
 * and from Windows' auditing), and each timeline may name fields in its own way, so that there may be several chains: an event is a hit
 * of a rule when it is one by any of them.
 *
 * @returns Chains of names of `OWN_PIPELINES`; never empty.
 */
export function choosePipelines(fields: ReadonlySet<string>): readonly (readonly string[])[] {
  const has: HasField = (...names) => names.some((name) => fields.has(name))
  return chooseNamings(has).flatMap((naming) =>
    chooseSources(naming, has).map((source) => [source, 'other-products', ...OTHERS, ...naming.pipelines]),
  )
}

function chooseNamings(has: HasField): readonly Naming[] {
  const stores = STORES.filter(({ isThere }) => isThere(has))
  if (AS_IMPORTERS.isThere(has)) return [...stores, AS_IMPORTERS]
  if (AS_RULES.isThere(has)) return [...stores, AS_RULES]
  return stores.length > 0 ? stores : [AS_IMPORTERS]
}

function chooseSources({ audit, sysmon }: Naming, has: HasField): readonly string[] {
  const hasAudit = has(...audit)
  const hasHeader = has('EventID', 'event_identifier', 'event.code', 'winlog.event_id')
  const hasSysmon = !hasAudit || !hasHeader || has(...sysmon)
  return [...(hasSysmon ? ['sysmon'] : []), ...(hasAudit ? ['windows-security'] : [])]
}
