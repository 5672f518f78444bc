import type { OwnTable } from './own-definition.ts'

const ACCESS =
  '{http_request_method} | {http_request_uri} | from {remote_name} | {remote_address} | by {username} | answered {http_response_code} | agent {http_request_user_agent}'

/** Applications of all systems. */
export const APPLICATIONS: OwnTable = {
  'atlassian:bitbucket:access': ['LOG', 'Bitbucket', ACCESS],
  'atlassian:bitbucket:audit': [
    'LOG',
    'Bitbucket',
    '{event_name} | of {entity} | by {username} | from {remote_address} | {details}',
  ],
  'atlassian:bitbucket:line': [
    'LOG',
    'Bitbucket',
    '{level} | {logger_class}: | {message_body} | by {username} | from {ip_address}',
  ],
  'atlassian:confluence:line': [
    'LOG',
    'Confluence',
    '{level} | {logger_class} | {logger_method}: | {message_body}',
  ],
  'atlassian:jira:line': ['LOG', 'Jira', '{level} | {logger_class} | {logger_method}: | {message_body}'],
  'confluence:access': ['LOG', 'Confluence', ACCESS],
  'jira:access': ['LOG', 'Jira', ACCESS],
  'cups:ipp:event': [
    'LOG',
    'Printing',
    'Job {job_identifier} | {job_name} | of {username} | on {hostname} | with {application} | to {printer_id} | {copies} copies',
  ],
  'dropbox:sync_history:entry': [
    'LOG',
    'Dropbox',
    '{event_type} | {direction} | {file_event_type} | of {local_path} | file {file_identifier}',
  ],
  'gdrive:snapshot:cloud_entry': ['LOG', 'Google Drive', 'In the cloud {path} | {url} | {size} bytes'],
  'gdrive:snapshot:local_entry': ['LOG', 'Google Drive', 'Here {path} | {size} bytes'],
  'google_drive_sync_log:entry': [
    'LOG',
    'Google Drive',
    '{level} | ({process_identifier}) | {source_code}: | {message_body}',
  ],
  'googlelog:log': ['LOG', 'glog', '{priority} | {filename} | line {line_number}: | {message_body}'],
  'skydrive:log:entry': ['LOG', 'SkyDrive', '{log_level} | {module} | {source_code}: | {detail}'],
  'kodi:videos:viewing': ['LOG', 'Kodi', 'Played {filename}, | {play_count} times'],
  'openxml:metadata': [
    'OXML',
    'Document properties',
    'Document {title} | on {subject} | by {author} | last saved by {last_saved_by} | revision {revision_number} | with {application} | {application_version} | template {template}',
  ],
  'p2p:bittorrent:transmission': [
    'TORRENT',
    'Transmission',
    'Saved to {destination} | seeded {seedtime} min',
  ],
  'p2p:bittorrent:utorrent': [
    'TORRENT',
    'uTorrent',
    '{caption} | saved to {destination} | seeded {seedtime} min',
  ],
  'pls_recall:entry': [
    'LOG',
    'PL/SQL Developer',
    '{username} | in {database_name} | query {sequence_number}: | {query}',
  ],
  'skype:event:account': ['LOG', 'Skype', 'Account {fullname} | {email} | {country}'],
  'skype:event:call': ['LOG', 'Skype', '{call_type} | from {src_call} | to {dst_call} | of {duration} s'],
  'skype:event:chat': ['LOG', 'Skype', 'From {from_account} | to {to_account}: | {text} | in {title}'],
  'skype:event:sms': ['LOG', 'Skype', 'To {number}: | {text}'],
  'skype:event:transferfile': [
    'LOG',
    'Skype',
    'File {transferred_filename} | from {sender} | to {receiver} | {transfer_status} | {transferred_file_size} bytes',
  ],
  'teamviewer:application_log:entry': ['LOG', 'TeamViewer', '({process_identifier}) | {message_body}'],
  'teamviewer:connections_incoming:entry': [
    'LOG',
    'TeamViewer',
    'Incoming from {source_identifier} | {connection_display_name} | to account {local_account} | {activity_type}',
  ],
  'teamviewer:connections_outgoing:entry': [
    'LOG',
    'TeamViewer',
    'Outgoing to {destination_identifier} | by account {local_account} | {activity_type}',
  ],
  'wincc:simatic_s7:entry': ['LOG', 'WinCC', '{message_body}'],
  'wincc:sys_log:entry': [
    'LOG',
    'WinCC',
    'Event {event_number} | of {source_device} | on {log_hostname}: | {message_body}',
  ],
  'xchat:log:line': ['LOG', 'XChat', '{nickname}: | {text}'],
  'xchat:scrollback:line': ['LOG', 'XChat', '{nickname}: | {text}'],
}
