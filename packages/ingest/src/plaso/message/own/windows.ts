import { custom, type OwnTable, words } from './own-definition.ts'

/** Types of drives (GetDriveTypeW). */
const DRIVE_TYPES = words('drive_type', {
  0: 'unknown drive',
  1: 'no root',
  2: 'removable drive',
  3: 'fixed drive',
  4: 'network drive',
  5: 'optical drive',
  6: 'RAM disk',
})

/** Event logs, links, prefetch files, tasks and other files of Windows. */
export const WINDOWS: OwnTable = {
  'windows:evtx:record': [
    'EVTX',
    'Windows event log',
    'Event {event_identifier} | of {source_name} | on {hostname}: | {message_string} | {strings} | user {user_sid}',
    custom('windows_eventlog_message'),
  ],
  'windows:evt:record': [
    'EVT',
    'Windows event log (before Vista)',
    'Event {event_identifier} | of {source_name} | on {hostname}: | {message_string} | {strings} | user {user_sid}',
    custom('windows_eventlog_message'),
  ],
  'windows:lnk:link': [
    'LNK',
    'Windows shortcut',
    'Shortcut to {linked_path} | with {command_line_arguments} | ({description}) | {file_size} bytes | on a {drive_type} | of serial number 0x{drive_serial_number:08x} | called {volume_label} | started in {working_directory} | icon {icon_location}',
    { ...custom('windows_shortcut_linked_path'), ...DRIVE_TYPES },
  ],
  'windows:prefetch:execution': [
    'PREFETCH',
    'Windows prefetch',
    'Ran {executable}, | {run_count} times | from {path_hints} | (prefetch hash 0x{prefetch_hash:08X}) | {volumes_string}',
    custom('windows_prefetch_path_hints', 'windows_prefetch_volumes_string'),
  ],
  'windows:metadata:deleted_item': [
    'RECBIN',
    'Recycle bin',
    'Deleted {original_filename} | ({short_filename}) | of {file_size} bytes | from drive number {drive_number}',
  ],
  'windows:tasks:job': [
    'JOB',
    'Scheduled task',
    'Task {application} | {parameters} | as {username} | in {working_directory} | ({comment})',
  ],
  'windows:tasks:trigger': [
    'JOB',
    'Scheduled task',
    'Trigger of {application} | {parameters} | as {username} | {trigger_type}',
    words('trigger_type', {
      0: 'once',
      1: 'daily',
      2: 'weekly',
      3: 'monthly by date',
      4: 'monthly by day of the week',
      5: 'when idle',
      6: 'at system start',
      7: 'at log-on',
    }),
  ],
  'windows:shell_item:file_entry': [
    'FILE',
    'Shell item',
    'Shell item {shell_item_path} | name {file_entry_name} | file reference {file_reference} | from {origin}',
    custom('shell_item_file_entry_name', 'ntfs_file_reference'),
  ],
  'windows:volume:creation': [
    'LOG',
    'Volume',
    'Volume {device_path} | with serial number 0x{serial_number:08X} | named in {origin}',
  ],
  'windows:restore_point:info': [
    'RP',
    'Restore point',
    'Restore point {sequence_number}: | {description} | type {restore_point_type} | event {restore_point_event_type}',
  ],
  'windows:setupapi:log:line': ['LOG', 'Setup of devices', '{entry_type} | ended with {exit_status}'],
  'windows:firewall_log:entry': [
    'LOG',
    'Windows firewall',
    '{action} | {protocol} | from {source_ip} | port {source_port} | to {destination_ip} | port {destination_port} | {packet_size} bytes | flags {tcp_flags} | {information} | {path}',
  ],
  'windows:timeline:generic': [
    'LOG',
    'Windows timeline',
    'Used {package_identifier} | {application_display_name} | {description}',
  ],
  'windows:timeline:user_engaged': [
    'LOG',
    'Windows timeline',
    'Used {package_identifier} | for {active_duration_seconds} s | told by {reporting_app}',
  ],
  'windows:srum:application_usage': [
    'LOG',
    'System resource usage',
    'Application {application} | of user {user_identifier} | wrote {foreground_bytes_written} bytes | read {foreground_bytes_read} bytes | in the background wrote {background_bytes_written} | and read {background_bytes_read}',
  ],
  'windows:srum:network_connectivity': [
    'LOG',
    'System resource usage',
    'Application {application} | of user {user_identifier} | connected over interface {interface_luid} | profile {l2_profile_identifier}',
  ],
  'windows:srum:network_usage': [
    'LOG',
    'System resource usage',
    'Application {application} | of user {user_identifier} | received {bytes_received} bytes | sent {bytes_sent} bytes | over interface {interface_luid}',
  ],
  'windows:user_access_logging:clients': [
    'LOG',
    'User access log',
    '{authenticated_username} | from {source_ip_address} | ({client_name}) | used {role_name} | {total_accesses} times',
  ],
  'windows:user_access_logging:dns': ['LOG', 'User access log', 'Name {hostname} | had address {ip_address}'],
  'windows:user_access_logging:role_access': [
    'LOG',
    'User access log',
    'Role {role_name} | ({role_identifier})',
  ],
  'windows:user_access_logging:system_identity': [
    'LOG',
    'User access log',
    'System {system_dns_hostname} | of domain {system_domain_name} | build {operating_system_build}',
  ],
  'windows:user_access_logging:virtual_machines': [
    'LOG',
    'User access log',
    'Virtual machine {vm_identifier} | BIOS {bios_identifier} | serial number {serial_number}',
  ],
  'windows:push_notification:notification': [
    'LOG',
    'Windows notifications',
    'Notification of handler {handler_identifier} | of type {notification_type}',
  ],
  'windows:push_notification:notification_handler': [
    'LOG',
    'Windows notifications',
    'Handler {identifier} | of type {handler_type} | service {service_identifier}',
  ],
  'windows:pca_log:entry': [
    'LOG',
    'Program compatibility assistant',
    'Ran {executable} | {description} | of {vendor} | version {version} | exit code {exit_code}',
  ],
  'windows:onedrive:log': [
    'LOG',
    'OneDrive',
    '{code_filename}: | {code_function_name} | {decoded_parameters}',
  ],
  'windows:file_history:namespace': [
    'LOG',
    'File history',
    'Kept {original_filename} | file {identifier} | in {parent_identifier} | USN {usn_number}',
  ],
  'windows:diagnosis:eventtranscript': [
    'LOG',
    'Windows diagnostics',
    'Diagnostic event {event_name} | of {application_name} | {application_version} | by {friendly_logging_binary_name} | user {user_identifier}',
  ],
  'fs:ntfs:usn_change': [
    'FILE',
    'NTFS change journal',
    'Change of {filename} | file reference {file_reference} | in {parent_file_reference} | USN {update_sequence_number} | reasons 0x{update_reason_flags:08x}',
    custom('ntfs_file_reference', 'ntfs_parent_file_reference'),
  ],
  'fs:stat:ntfs': [
    'FILE',
    'NTFS',
    '{path_hints} | {name} | to {symbolic_link_target} | file reference {file_reference} | in {parent_file_reference} | attribute 0x{attribute_type:08x}',
    custom('ntfs_file_reference', 'ntfs_parent_file_reference', 'ntfs_path_hints'),
  ],
  'olecf:dest_list:entry': [
    'LNK',
    'Jump list',
    'Entry {entry_number} | {path} | on {hostname} | file {droid_file_identifier} | volume {droid_volume_identifier} | pinned {pin_status}',
  ],
  'olecf:item': ['OLECF', 'OLE compound file', '{name} | of {size} bytes'],
  'olecf:summary_info': [
    'OLECF',
    'Document properties',
    'Document {title} | on {subject} | by {author} | last saved by {last_saved_by} | revision {revision_number} | with {application} | {number_of_pages} pages | {keywords} | {comments} | template {template}',
  ],
  'olecf:document_summary_info': [
    'OLECF',
    'Document properties',
    'Document of {company} | manager {manager} | category {category} | version {application_version} | language {language}',
  ],
  'pe_coff:file': [
    'PE',
    'Executable',
    'Executable of type {pe_type} | import hash {imphash} | exports as {export_dll_name} | sections {section_names}',
  ],
  'pe_coff:dll_import': ['PE', 'Executable', 'Imports {name}'],
  'pe_coff:resource': ['PE', 'Executable', 'Resource {name} | {identifier}'],
  'powershell:transcript_log:entry': [
    'LOG',
    'PowerShell transcript',
    '{username} | as {runas_user} | on {machine} | in {host_application}: | {commands}',
  ],
  'sccm_log:entry': ['LOG', 'Configuration manager', '{component}: | {text}'],
  'iis:log:line': [
    'LOG',
    'IIS',
    '{http_method} | {requested_uri_stem} | ?{cs_uri_query} | from {source_ip} | to {dest_ip} | port {dest_port} | by {cs_username} | answered {http_status} | {sent_bytes} bytes sent | {received_bytes} bytes received | agent {user_agent}',
  ],
}
