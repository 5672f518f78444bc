import { CHANNEL_STEPS } from './windows-channels.ts'

/** Event ids of Sysmon (its documentation, schema 4.90) by category of the taxonomy. */
const SYSMON_EVENTS: Readonly<Record<string, readonly number[]>> = {
  process_creation: [1],
  file_change: [2],
  network_connection: [3],
  sysmon_status: [4, 16],
  process_termination: [5],
  driver_load: [6],
  image_load: [7],
  create_remote_thread: [8],
  raw_access_thread: [9],
  process_access: [10],
  file_event: [11],
  registry_add: [12],
  registry_delete: [12],
  registry_set: [13],
  registry_rename: [14],
  registry_event: [12, 13, 14],
  create_stream_hash: [15],
  pipe_created: [17, 18],
  wmi_event: [19, 20, 21],
  dns_query: [22],
  file_delete: [23, 26],
  clipboard_capture: [24],
  process_tampering: [25],
  file_block_executable: [27],
  file_block_shredding: [28],
  file_executable_detected: [29],
  sysmon_error: [255],
}

/** A category of Windows' log sources as events of one service. */
function categoryStep(category: string, service: string, events: readonly number[]): string {
  return `
  - id: category_${category}
    type: nest
    items:
      - type: add_condition
        conditions:
          EventID: [${events.join(', ')}]
      - type: change_logsource
        category: ${category}
        product: windows
        service: ${service}
    rule_conditions:
      - type: logsource
        category: ${category}
        product: windows`
}

const POWERSHELL_STEPS = [
  categoryStep('ps_module', 'powershell', [4103]),
  categoryStep('ps_script', 'powershell', [4104]),
  categoryStep('ps_classic_start', 'powershell-classic', [400]),
  categoryStep('ps_classic_provider_start', 'powershell-classic', [600]),
  categoryStep('ps_classic_script', 'powershell-classic', [800]),
].join('')

/** PowerShell's channels and event ids. */
export const POWERSHELL: string = `
name: PowerShell
priority: 10
transformations:${POWERSHELL_STEPS}${CHANNEL_STEPS}
`

/** Categories as events of Sysmon, services as channels. */
export const SYSMON: string = `
name: Sysmon
priority: 10
transformations:${Object.entries(SYSMON_EVENTS)
  .map(([category, events]) => categoryStep(category, 'sysmon', events))
  .join('')}${POWERSHELL_STEPS}${CHANNEL_STEPS}
`

/** Categories as events of Windows' own auditing: processes 4688, registry 4657, connections 5156, files 4663. */
export const WINDOWS_SECURITY: string = `
name: Windows Security
priority: 10
transformations:
  - id: process_creation
    type: nest
    items:
      - type: add_condition
        conditions:
          EventID: 4688
      - type: field_name_mapping
        mapping:
          Image: NewProcessName
          ParentImage: ParentProcessName
          ProcessId: NewProcessId
          ParentProcessId: ProcessId
          User: SubjectUserName
          LogonId: SubjectLogonId
          IntegrityLevel: MandatoryLabel
      - type: map_string
        mapping:
          Untrusted: S-1-16-0
          Low: S-1-16-4096
          Medium: S-1-16-8192
          High: S-1-16-12288
          System: S-1-16-16384
        field_name_conditions:
          - type: include_fields
            fields: [MandatoryLabel]
      - type: change_logsource
        category: process_creation
        product: windows
        service: security
    rule_conditions:
      - type: logsource
        category: process_creation
        product: windows
  - id: registry
    type: nest
    items:
      - type: add_condition
        conditions:
          EventID: 4657
      - type: replace_string
        regex: '^\\*?(?:HKLM|HKEY_LOCAL_MACHINE)'
        replacement: '*\\\\REGISTRY\\\\MACHINE'
        field_name_conditions:
          - type: include_fields
            fields: [TargetObject]
      - type: field_name_mapping
        mapping:
          TargetObject: ObjectName
          Details: NewValue
          Image: ProcessName
      - type: change_logsource
        category: registry_set
        product: windows
        service: security
    rule_cond_op: or
    rule_conditions:
      - type: logsource
        category: registry_set
        product: windows
      - type: logsource
        category: registry_event
        product: windows
  - id: network_connection
    type: nest
    items:
      - type: add_condition
        conditions:
          EventID: 5156
      - type: field_name_mapping
        mapping:
          Image: Application
          SourceIp: SourceAddress
          DestinationIp: DestAddress
          DestinationPort: DestPort
      - type: change_logsource
        category: network_connection
        product: windows
        service: security
    rule_conditions:
      - type: logsource
        category: network_connection
        product: windows
  - id: file_access
    type: nest
    items:
      - type: add_condition
        conditions:
          EventID: 4663
      - type: field_name_mapping
        mapping:
          TargetFilename: ObjectName
          FileName: ObjectName
          Image: ProcessName
      - type: change_logsource
        category: file_access
        product: windows
        service: security
    rule_cond_op: or
    rule_conditions:
      - type: logsource
        category: file_access
        product: windows
      - type: logsource
        category: file_event
        product: windows${POWERSHELL_STEPS}${CHANNEL_STEPS}
`
