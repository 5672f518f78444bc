import type { LogSource } from '../rule/rule.ts'

/** Fields of Windows events that Plaso keeps in the event's XML. */
const IN_XML =
  'ObjectName ObjectType ProcessName GroupSid CommandLine ServiceName Service Message keywords LogonType LogonProcessName LogonGuid SubjectDomainName SubjectUserName TargetUserSid TargetDomainName TargetLogonId AuthenticationPackageName WorkstationName TransmittedServices ProcessId IpAddress SourceNetworkAddress TargetOutboundUserName TargetOutboundDomainName Level ServiceFileName ObjectValueName DestPort LayerRTID AccessMask ShareName RelativeTargetName AccountName PrivilegeList SubjectLogonId CallingProcessName SAMAccountName ObjectServer Properties HiveName AttributeLDAPDisplayName GroupName UserName DeviceDescription DeviceClassName TicketOptions TicketEncryptionType SourceWorkstation DestinationAddress DestinationPort SourceAddress Keywords LDAPDisplayName AuditPolicyChanges SourceImage TargetImage TargetFilename ImageLoaded QueryName TargetProcessAddress TargetObject Signature StartModule StartFunction IntegrityLevel Description Signed ScriptBlockText ContextInfo OriginalFileName Payload HostName HostApplication ParentImage Provider_Name GrantedAccess'.split(
    ' ',
  )

/**
 * Names of fields as Timesketch writes them (20261014: data/sigma_config.yaml). `xml_String` is spelt so there; `Image` and
 * `DestinationIp` are `message` and `TargetFilename` is XML whatever the product is, as its converter decides before it knows.
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...IN_XML.map((name) => [name, 'xml_string'] as const),
  ['EventID', 'event_identifier'],
  ['EventIdentifier', 'event_identifier'],
  ['ComputerName', 'computer_name'],
  ['EventType', 'event_type'],
  ['gcp.audit.method_name', 'methodName'],
  ['Source', 'message'],
  ['Mutex', 'message'],
  ['Image', 'message'],
  ['DestinationIp', 'message'],
  ['TargetUserName', 'xml_String'],
  ['IpPort', 'xml_String'],
])

/** What Timesketch calls a field of a rule. */
export function nameField(field: string, source: Pick<LogSource, 'product' | 'service'>): string {
  if ((field === 'param1' || field === 'param2') && source.product === 'windows') return 'xml_string'
  if (field === 'Value' && source.service === 'windefend') return 'xml_string'
  return NAMES.get(field) ?? field
}
