import { custom, type OwnTable, words } from './own-definition.ts'

const SHORT = 'REG'

/** Start and type of a service ([MS-SCMR], section 2.2.15). */
const SERVICE = {
  ...words('start_type', {
    0: 'at boot',
    1: 'by the system',
    2: 'automatically',
    3: 'on demand',
    4: 'never (disabled)',
  }),
  ...custom('windows_registry_values'),
}

/** Keys of the Windows registry. */
export const REGISTRY: OwnTable = {
  'windows:registry:key_value': [
    SHORT,
    'Registry key',
    '[{key_path}] | {values}',
    custom('windows_registry_values'),
  ],
  'windows:registry:amcache': [
    SHORT,
    'AmCache',
    'File {full_path} | {filename} | SHA-1 {sha1} | of {product_name} | by {company_name} | version {file_version} | {file_size} bytes',
  ],
  'windows:registry:amcache:programs': [
    SHORT,
    'AmCache programs',
    'Program {name} | {version} | by {publisher} | in {file_paths} | key {uninstall_key}',
  ],
  'windows:registry:appcompatcache': [SHORT, 'ShimCache', 'Entry {entry_index} | of [{key_path}]: | {path}'],
  'windows:registry:bagmru': [SHORT, 'Shell bags', '[{key_path}] | {entries}'],
  'windows:registry:bam': [SHORT, 'Background activity', 'Ran {path} | by {user_identifier}'],
  'windows:registry:boot_execute': [SHORT, 'Programs at boot', '[{key_path}] | runs {value}'],
  'windows:registry:boot_verification': [SHORT, 'Boot verification', '[{key_path}] | runs {image_path}'],
  'windows:registry:ccleaner:configuration': [SHORT, 'CCleaner', '[{key_path}] | {configuration}'],
  'windows:registry:ccleaner:update': [SHORT, 'CCleaner', 'Update told in [{key_path}]'],
  'windows:registry:diagnosed_applications': [
    SHORT,
    'Diagnosed applications',
    '{process_name} | in [{key_path}]',
  ],
  'windows:registry:explorer:programcache': [
    SHORT,
    'Program cache',
    '[{key_path}] | {value_name} | of {known_folder_identifier}: | {entries}',
  ],
  'windows:registry:installation': [
    SHORT,
    'Windows installation',
    'Installed {product_name} | {version} | build {build_number} | {service_pack} | for {owner}',
  ],
  'windows:registry:motherboard_info': [
    SHORT,
    'Motherboard',
    '{motherboard_manufacturer} | {motherboard_model} | BIOS {bios_version} | of {bios_release_date}',
  ],
  'windows:registry:mount_points2': [
    SHORT,
    'Mount points',
    'Mounted {name} | {label} | from \\\\{server_name} | \\{share_name} | as {source_type} | in [{key_path}]',
  ],
  'windows:registry:mrulist': [SHORT, 'Most recently used', '[{key_path}] | {entries}'],
  'windows:registry:mrulistex': [SHORT, 'Most recently used', '[{key_path}] | {entries}'],
  'windows:registry:msie_zone_settings': [
    SHORT,
    'Internet zones',
    '[{key_path}] | {settings}',
    custom('msie_zone_settings'),
  ],
  'windows:registry:mstsc:connection': [
    SHORT,
    'Remote desktop connections',
    '[{key_path}] | as {username} | {entries}',
  ],
  'windows:registry:mstsc:mru': [SHORT, 'Remote desktop connections', '[{key_path}] | {entries}'],
  'windows:registry:network': [
    SHORT,
    'Networks',
    'Network {ssid} | {description} | of type {connection_type} | gateway {default_gateway_mac_address} | DNS suffix {dns_suffix}',
  ],
  'windows:registry:network_drive': [
    SHORT,
    'Network drives',
    'Drive {drive_letter}: | is \\\\{server_name} | \\{share_name}',
  ],
  'windows:registry:office_mru': [SHORT, 'Office documents', '[{key_path}] | {value_string}'],
  'windows:registry:office_mru_list': [SHORT, 'Office documents', '[{key_path}] | {entries}'],
  'windows:registry:outlook_search_mru': [SHORT, 'Outlook searches', '[{key_path}] | {entries}'],
  'windows:registry:run': [SHORT, 'Programs at log-on', '[{key_path}] | {entries}'],
  'windows:registry:sam_users': [
    SHORT,
    'User accounts',
    'Account {username} | {fullname} | ({comments}) | RID {account_rid} | {login_count} log-ons',
  ],
  'windows:registry:service': [
    SHORT,
    'Services',
    'Service {name} | runs {image_path} | {service_dll} | started {start_type} | as {object_name} | in [{key_path}] | {values}',
    SERVICE,
  ],
  'windows:registry:shutdown': [SHORT, 'Last shutdown', '{value_name} | in [{key_path}]'],
  'windows:registry:task_scheduler:task_cache:entry': [
    SHORT,
    'Scheduled tasks',
    'Task {task_name} | {task_identifier} | in [{key_path}]',
  ],
  'windows:registry:timezone': [SHORT, 'Time zone', '[{key_path}] | {configuration}'],
  'windows:registry:typedurls': [SHORT, 'Typed addresses', '[{key_path}] | {entries}'],
  'windows:registry:typedurlstime': [SHORT, 'Typed addresses', '[{key_path}] | {entry}'],
  'windows:registry:usb': [
    SHORT,
    'USB devices',
    'Device {subkey_name} | vendor {vendor} | product {product} | serial number {serial} | in [{key_path}]',
  ],
  'windows:registry:usbstor:instance': [
    SHORT,
    'USB storage',
    'Storage {device_display_name} | of type {device_type} | vendor {vendor} | product {product} | revision {revision} | in [{key_path}]',
  ],
  'windows:registry:userassist': [
    SHORT,
    'UserAssist',
    'Used {value_name}, | {number_of_executions} times | in focus {application_focus_count} times | for {application_focus_duration} ms | in [{key_path}]',
  ],
  'windows:registry:winlogon': [
    SHORT,
    'Winlogon',
    '{application} | runs {command} | by {handler} | at {trigger} | in [{key_path}]',
  ],
  'windows:registry:winrar:history': [SHORT, 'WinRAR', '[{key_path}] | {entries}'],
}
