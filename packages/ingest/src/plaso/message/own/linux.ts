import { type OwnTable, words } from './own-definition.ts'

const SYSLOG = '{reporter}: | {message_body} | - host {hostname} | process {pid} | severity {severity}'
const SSH =
  '{authentication_method} | for {username} | from {ip_address} | port {port} | {protocol} | {fingerprint} | - host {hostname} | process {pid}'

/** Types of login records (utmp(5)). */
const LOGIN_TYPES = words('login_type', {
  0: 'Empty record',
  1: 'Change of run level',
  2: 'Boot',
  3: 'Clock changed from here',
  4: 'Clock changed to here',
  5: 'Process started by init',
  6: 'Waiting for a log-in',
  7: 'Log-in',
  8: 'Log-out',
  9: 'Accounting',
})

/** Logs, shells and packages of Unix systems, and files in general. */
export const LINUX: OwnTable = {
  'fs:stat': [
    'FILE',
    'File system',
    '{display_name} | {file_entry_type} | {file_size} bytes | owner {owner_identifier} | group {group_identifier} | mode {mode:o} | inode {inode}',
  ],
  'fs:bodyfile:entry': [
    'FILE',
    'Body file',
    '{filename} | to {symbolic_link_target} | {mode_as_string} | owner {owner_identifier} | group {group_identifier} | {size} bytes | MD5 {md5} | inode {inode}',
  ],
  'syslog:line': ['LOG', 'syslog', SYSLOG],
  'syslog:comment': ['LOG', 'syslog', '{message_body}'],
  'syslog:cron:task_run': [
    'LOG',
    'cron',
    'cron ran {command} | as {username} | - host {hostname} | process {pid}',
  ],
  'syslog:ssh:login': ['LOG', 'SSH', `SSH log-in: | ${SSH}`],
  'syslog:ssh:failed_connection': ['LOG', 'SSH', `SSH failed: | ${SSH}`],
  'syslog:ssh:opened_connection': ['LOG', 'SSH', `SSH connection: | ${SSH}`],
  'systemd:journal': ['LOG', 'systemd journal', `${SYSLOG} | unit {systemd_unit}`],
  'selinux:line': [
    'LOG',
    'audit',
    '{audit_type} | {message_body} | process {pid} | executable {executable} | serial {audit_serial}',
  ],
  'linux:utmp:event': [
    'LOG',
    'Log-ins',
    '{login_type} | of {username} | on {terminal} | from {hostname} | address {ip_address} | process {pid}',
    LOGIN_TYPES,
  ],
  'linux:dpkg_log:entry': ['LOG', 'dpkg', '{message_body}'],
  'linux:apt_history_log:entry': [
    'LOG',
    'apt',
    '{command} | of {packages} | by {requester} | {command_line} | {error}',
  ],
  'linux:locate_database:entry': ['LOG', 'locate', '{path} | holds {entries}'],
  'linux:popularity_contest_log:entry': [
    'LOG',
    'popularity-contest',
    'Used {package} | by {mru} | {record_tag}',
  ],
  'linux:popularity_contest_log:session': [
    'LOG',
    'popularity-contest',
    'Session {session} | of {host_identifier} | {details}',
  ],
  'bash:history:entry': ['HIST', 'bash history', '{command}'],
  'shell:zsh:history': ['HIST', 'zsh history', '{command} | ({elapsed_seconds} s)'],
  'fish:history:entry': ['HIST', 'fish history', '{command}'],
  'viminfo:history': [
    'HIST',
    'vim history',
    '{history_type} | {history_value} | of {filename} | (item {item_number})',
  ],
  'vsftpd:log': ['LOG', 'vsftpd', '{text}'],
  'apache:access_log:entry': [
    'LOG',
    'Web server',
    '{http_request} | from {ip_address} | {remote_name} | by {username} | answered {http_response_code} | with {http_response_bytes} bytes | referred by {http_request_referer} | agent {http_request_user_agent} | at {server_name}',
  ],
  'postgresql:application_log:entry': [
    'LOG',
    'PostgreSQL',
    '{severity} | {message_body} | by {username} | (process {pid})',
  ],
  'docker:container:configuration': [
    'DOCKER',
    'Docker container',
    '{action} | of container {container_name} | ({container_identifier})',
  ],
  'docker:container:log:entry': [
    'DOCKER',
    'Docker log',
    '{log_source}: | {message_body} | of {container_identifier}',
  ],
  'docker:layer:configuration': ['DOCKER', 'Docker layer', 'Layer {layer_identifier} | by {command}'],
  'cri:container:log:entry': ['LOG', 'Container log', '{stream} | {flags}: | {message_body}'],
  'bsm:entry': ['LOG', 'BSM audit', 'Event {event_type} | {extra_tokens} | {return_value}'],
  'snort:fastlog:alert': [
    'LOG',
    'Snort',
    'Alert {rule_identifier}: | {message_body} | {classification} | priority {priority} | {protocol} | from {source_ip} | port {source_port} | to {destination_ip} | port {destination_port}',
  ],
  'zeitgeist:activity': ['LOG', 'Zeitgeist', '{subject_uri}'],
}
