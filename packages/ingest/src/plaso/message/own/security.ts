import type { OwnTable } from './own-definition.ts'

/** Logs of scanners, of cloud services and of what guards systems. */
export const SECURITY: OwnTable = {
  'av:defender:detection_history': [
    'LOG',
    'Windows Defender',
    'Found {threat_name} | in {filename} | {container_filenames} | {web_filenames} | process {process} | user {host_and_user} | SHA-256 {sha256}',
  ],
  'av:mcafee:accessprotectionlog': [
    'LOG',
    'McAfee',
    '{status}: | {action} | of {filename} | by {username} | rule {rule} | at {trigger_location}',
  ],
  'av:symantec:scanlog': [
    'LOG',
    'Symantec',
    '{description} | {virus} | in {file_path} | {action0} | of {username}',
  ],
  'av:trendmicro:scan': [
    'LOG',
    'Trend Micro',
    'Found {threat} | in {path} | {filename}: | {action} | {scan_type}',
  ],
  'av:trendmicro:webrep': [
    'LOG',
    'Trend Micro',
    '{url} | of {ip} | {group_name} | by {application_name} | {block_mode}',
  ],
  'sophos:av:log': ['LOG', 'Sophos', '{text}'],
  'santa:execution': [
    'LOG',
    'Santa',
    '{decision} | {process_path} | {process_arguments} | as {username} | SHA-256 {process_hash} | {long_reason}',
  ],
  'santa:file_system_event': [
    'LOG',
    'Santa',
    '{action} | {file_path} | to {file_new_path} | by {process_path} | as {username}',
  ],
  'santa:diskmount': [
    'LOG',
    'Santa',
    '{action} | {mount} | {volume} | {fs} | model {model} | serial {serial}',
  ],
  'santa:process_exit': ['LOG', 'Santa', '{action} | process {pid} | of {ppid} | user {uid}'],
  'aws:cloudtrail:entry': [
    'LOG',
    'AWS CloudTrail',
    '{event_name} | at {event_source} | by {username} | {user_identity_arn} | from {source_ip} | key {access_key} | on {resources}',
  ],
  'aws:elb:access': [
    'LOG',
    'AWS load balancer',
    '{request} | from {source_ip_address} | to {destination_ip_address} | agent {user_agent}',
  ],
  'azure:activitylog:entry': [
    'LOG',
    'Azure activity log',
    '{operation_name} | {event_name} | by {caller} | from {client_ip} | on {resource_identifier} | level {level}',
  ],
  'azure:application_gateway_access:entry': [
    'LOG',
    'Azure gateway',
    '{http_method} | {original_request_uri} | of {original_request_host} | from {client_ip} | answered {http_status}',
  ],
  'gcp:log:entry': [
    'LOG',
    'Google Cloud',
    '{method_name} | {event_type} | {event_subtype} | by {username} | from {caller_ip} | on {resource_name} | {message_body} | severity {severity}',
  ],
  'microsoft365:audit_log:entry': [
    'LOG',
    'Microsoft 365',
    '{operation_name} | by {user_identifier} | from {client_ip} | in {workload} | on {object_identifier} | {result_status}',
  ],
  'ivanti:connect_secure:vc0:record': [
    'LOG',
    'Ivanti Connect Secure',
    '{message_code} | {message_body} | by {username} | from {ip_address} | realm {authentication_realm} | on {hostname}',
  ],
  'networkminer:fileinfos:file': [
    'LOG',
    'NetworkMiner',
    'File {filename} | {file_path} | {file_size} bytes | MD5 {file_md5} | from {source_ip} | port {source_port} | to {destination_ip} | port {destination_port}',
  ],
}
