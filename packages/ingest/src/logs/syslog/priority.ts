/** Severities by their numbers (RFC 5424, section 6.2.1), by the names that Plaso has for them. */
export const SEVERITIES: readonly string[] = [
  'EMERG',
  'ALERT',
  'CRIT',
  'ERR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
]

/** Facilities by their numbers (RFC 5424, section 6.2.1), by the names that Plaso has for them. */
export const FACILITIES: readonly string[] = [
  'kernel message',
  'user-level message',
  'mail system',
  'system daemons',
  'security/authorization messages',
  'messages generated internally by syslogd',
  'line printer subsystem',
  'network news subsystem',
  'UUCP subsystem',
  'clock daemon',
  'security/authorization messages',
  'FTP daemon',
  'NTP subsystem',
  'log audit',
  'log alert',
  'clock daemon',
  ...Array.from({ length: 8 }, (_, number) => `local use ${number}`),
]
