import { type OwnTable, words } from './own-definition.ts'

/** macOS. */
export const APPLE: OwnTable = {
  'macos:unified_logging:event': [
    'LOG',
    'Unified log',
    '{process_image_path} | ({process_identifier}) | {message_type} | {subsystem} | {category}: | {event_message}',
  ],
  'macos:asl:entry': [
    'LOG',
    'Apple system log',
    '{sender} | ({process_identifier}) | on {hostname}: | {message_body} | facility {facility} | level {level} | {extra_information}',
  ],
  'macos:asl:file': ['LOG', 'Apple system log', 'Log of version {format_version} | dirty {is_dirty}'],
  'macos:fseventsd:record': [
    'FILE',
    'File system events',
    '{path} | flags 0x{flags:08x} | event {event_identifier} | node {node_identifier}',
  ],
  'macos:install_history:entry': [
    'LOG',
    'Installations',
    'Installed {name} | {version} | by {process_name} | {identifiers}',
  ],
  'macos:keychain:application': [
    'LOG',
    'Keychain',
    'Password of an application: {entry_name} | account {account_name} | {text_description} | {comments}',
  ],
  'macos:keychain:internet': [
    'LOG',
    'Keychain',
    'Password of a service: {entry_name} | account {account_name} | at {where} | by {protocol} | {text_description} | {comments}',
  ],
  'macos:knowledgec:application': ['LOG', 'KnowledgeC', 'Used {bundle_identifier} | for {duration} s'],
  'macos:knowledgec:safari': [
    'LOG',
    'KnowledgeC',
    'Visited {url} | "{title}" | in {bundle_identifier} | for {duration} s',
  ],
  'macos:lsquarantine:entry': ['LOG', 'Quarantine', '{agent} | downloaded {url} | from {data}'],
  'macos:tcc_entry': [
    'LOG',
    'Privacy permissions',
    '{client} | asked for {service}, | {allowed}',
    words('allowed', { 0: 'refused', 1: 'unknown', 2: 'allowed', 3: 'limited' }),
  ],
  'macos:user:entry': [
    'PLIST',
    'User accounts',
    'User {username} | {fullname} | ({user_identifier}) | home {home_directory} | {number_of_failed_login_attempts} failed log-ins',
  ],
  'macos:utmpx:entry': [
    'LOG',
    'Log-ins',
    '{login_type} | of {username} | on {terminal} | from {hostname} | process {pid}',
    words('login_type', { 2: 'Boot', 6: 'Waiting for a log-in', 7: 'Log-in', 8: 'Log-out', 11: 'Shutdown' }),
  ],
  'macos:wifi_log:entry': ['LOG', 'Wi-Fi', '{action} | {agent} | {function} | {text}'],
  'macos:airport:entry': ['PLIST', 'Wi-Fi', 'Network {ssid} | with {security_type}'],
  'macos:appfirewall_log:entry': [
    'LOG',
    'Application firewall',
    '{action} | {process_name} | by {agent} | {status} | on {hostname}',
  ],
  'macos:application_usage:entry': [
    'LOG',
    'Application usage',
    '{activity} | of {application} | {application_version} | ({bundle_identifier}), | {count} times',
  ],
  'macos:apple_account:entry': [
    'PLIST',
    'Apple accounts',
    'Account {account_name} | of {first_name} | {last_name}',
  ],
  'macos:background_items:entry': [
    'PLIST',
    'Background items',
    '{name} | is {target_path} | on {volume_name}',
  ],
  'macos:bluetooth:entry': [
    'PLIST',
    'Bluetooth',
    'Device {device_name} | ({device_identifier}) | paired {is_paired}',
  ],
  'macos:document_versions:file': [
    'HIST',
    'Document versions',
    'Version of {name} | at {path} | kept as {version_path} | by {user_sid}',
  ],
  'macos:launchd_log:entry': ['LOG', 'launchd', '{process_name} | {severity}: | {message_body}'],
  'macos:launchd:entry': [
    'PLIST',
    'launchd',
    'Starts {name} | {program} | as {username} | group {group_name}',
  ],
  'macos:login_items:entry': ['PLIST', 'Log-in items', '{name} | is {target_path} | on {volume_name}'],
  'macos:login_window:entry': ['PLIST', 'Log-in window', 'At log-in {login_hook} | at log-out {logout_hook}'],
  'macos:login_window:managed_login_item': ['PLIST', 'Log-in window', '{path} | hidden {is_hidden}'],
  'macos:notes:entry': ['LOG', 'Notes', '"{title}" | {text}'],
  'macos:notification_center:entry': [
    'LOG',
    'Notification centre',
    '{bundle_name}: | {title} | {subtitle} | {message_body}',
  ],
  'macos:securityd_log:entry': [
    'LOG',
    'securityd',
    '{sender} | ({sender_pid}) | {level} | {facility}: | {message_body}',
  ],
  'macos:software_updata:entry': [
    'PLIST',
    'Software update',
    'System {system_version} | recommended {recommended_updates}',
  ],
  'macos:startup_item:entry': [
    'PLIST',
    'Start-up items',
    '{description} | provides {provides} | needs {requires}',
  ],
  'macos:time_machine:backup': [
    'PLIST',
    'Time Machine',
    'Backup to {destination_identifier} | {backup_alias}',
  ],
  'plist:key': ['PLIST', 'Property list', '{root} | /{key}'],
  'spotlight:metadata_item': ['SPOTLIGHT', 'Spotlight', '{filename} | {kind} | {content_type}'],
  'spotlight_searched_terms:entry': [
    'PLIST',
    'Spotlight searches',
    'Searched {search_term} | found {application_display_name} | {path}',
  ],
  'spotlight_volume_configuration:store': [
    'PLIST',
    'Spotlight volumes',
    'Volume {volume_identifier} | indexed in {partial_path}',
  ],
  'mackeeper:cache': ['LOG', 'MacKeeper', '{event_type} | {text} | {url} | by {username}'],
  'ipod:device:entry': [
    'LOG',
    'iPod',
    'Device {device_identifier} | {device_class} | IMEI {imei} | serial number {serial_number} | used {use_count} times',
  ],
  'imessage:event:chat': [
    'LOG',
    'iMessage',
    '{message_type} | {imessage_id} | by {service}: | {text} | {attachment_location}',
    words('message_type', { 0: 'Received from', 1: 'Sent to' }),
  ],
}
